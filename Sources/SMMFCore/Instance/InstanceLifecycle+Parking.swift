// SPDX-License-Identifier: MIT

/// Parking an instance and waking it. What does not end as it should ends in a new process, or in none where nobody wants
/// the model: an engine that half sleeps is never given a request.
extension InstanceLifecycle {
    mutating func park() -> [Action] {
        guard state == .ready, pendingFailure == nil else { return [] }
        isParkAsked = false
        isWakeWanted = false
        move(to: .parking, detail: "finishing running requests")
        return Self.cancelAllTimers + [.announce, .awaitDrain, .setTimer(.drain, settings.drainDeadline)]
    }

    /// Its requests have finished.
    mutating func parkNow() -> [Action] {
        guard !isParkAsked else { return [] }
        isParkAsked = true
        detail = "giving up its memory"
        return [.cancelTimer(.drain), .announce, .park, .setTimer(.start, settings.wakeDeadline)]
    }

    mutating func parkEnded(_ failure: InstanceFailure?) -> [Action] {
        guard state == .parking, isParkAsked, pendingFailure == nil else { return [] }
        if let failure {
            self.failure = failure
            return isWakeWanted ? end(because: failure) : endInstead(of: failure.message)
        }
        move(to: .parked, detail: nil)
        return Self.cancelAllTimers + [.announce] + (isWakeWanted ? wake() : [])
    }

    mutating func wake() -> [Action] {
        switch state {
        case .parked:
            warmingFailure = nil
            move(to: .waking, detail: "waking up")
            return [.announce, .wake, .setTimer(.start, settings.wakeDeadline)]
        case .parking where !isParkAsked:
            // Nothing was given up yet.
            move(to: .ready, detail: nil)
            return [.cancelTimer(.drain), .announce, .setTimer(.probe, settings.probeInterval)]
        case .parking:
            isWakeWanted = true
            return []
        default: return []
        }
    }

    mutating func wakeEnded(_ failure: InstanceFailure?) -> [Action] {
        guard state == .waking, pendingFailure == nil else { return [] }
        if let failure { return end(because: failure) }
        detail = "asking for a first token"
        return [.announce, .probe]
    }

    var overdueWake: InstanceFailure {
        let why = warmingFailure.map { " \($0.message)" } ?? ""
        return InstanceFailure(
            .wakeFailed,
            "The engine does not serve \(Self.describe(settings.wakeDeadline)) after it was woken.\(why)",
            nextStep:
                "Nothing to do: it starts again by itself. Where that happens often, deploy the model without park."
        )
    }

    /// Ends the process of an instance that nobody wants in memory and that cannot be parked.
    mutating func endInstead(of why: String) -> [Action] {
        isStopWanted = true
        move(to: .draining, detail: "ending the process instead of parking it: \(why)")
        return Self.cancelAllTimers + [.announce, .endProcess(settings.stopGrace)]
    }

    /// Whether the process has ended while nobody wanted the model in memory.
    var hasDiedUnwanted: Bool { state == .parked || state == .parking && !isWakeWanted && pendingFailure == nil }

    mutating func endedUnwanted(because failure: InstanceFailure) -> [Action] {
        self.failure = failure
        move(to: .stopped, detail: failure.message)
        return Self.cancelAllTimers + [.announce, .ended]
    }
}
