// SPDX-License-Identifier: MIT

/// Pages by which an engine is put to sleep and woken.
enum SimulatorSleep {
    /// The page that puts it to sleep; `answer` is the body of success.
    static func sleep(answer: String = "") -> @Sendable (SimulatorCall) -> SimulatorPlan {
        { call in
            guard call.script.sleepFault != .refuse else {
                return call.planner.error(500, "CUDA error: out of memory")
            }
            call.change { $0.isAsleep = true }
            return call.planner.page(200, answer)
        }
    }

    /// The page that wakes it.
    static func wake(answer: String = "") -> @Sendable (SimulatorCall) -> SimulatorPlan {
        { call in
            switch call.script.sleepFault {
            case .stay: return call.planner.error(500, "CUDA error: out of memory")
            case .die: return SimulatorPlan(steps: [.drop(.exit)], cost: .free)
            case .deaf:
                call.change { script in
                    script.fault = .hang
                    script.faultAfter = nil
                }
            case .refuse, .keep, nil: break
            }
            call.change { $0.isAsleep = false }
            return call.planner.page(200, answer)
        }
    }

    /// The page that tells.
    static let state: @Sendable (SimulatorCall) -> SimulatorPlan = { call in
        call.json(#"{"is_sleeping":\#(call.script.isAsleep)}"#)
    }

    /// A page that is there only when the engine was started to sleep.
    static func when(
        able page: @escaping @Sendable (SimulatorCall) -> SimulatorPlan
    ) -> @Sendable (SimulatorCall) -> SimulatorPlan {
        { call in call.script.canSleep ? page(call) : call.planner.error(404, "Not Found") }
    }
}
