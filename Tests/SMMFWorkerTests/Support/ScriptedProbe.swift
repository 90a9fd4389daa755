// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFWorker
import Synchronization

/// An engine's answers as a test scripts them, and a count of the questions.
final class ScriptedProbe: EngineProbe {
    struct Script: Sendable {
        var isReady = true
        var token: InstanceFailure?
        var text: String?
        var models: String?
        var tokensAsked = 0
        /// What the engine answers to a call, by its path without the query; nil is success.
        var refusals: [String: String] = [:]
        var calls: [String] = []
        var isSleeping = false
    }

    private let script: Mutex<Script>

    init(_ script: Script = Script()) {
        self.script = Mutex(script)
    }

    /// Reads or changes what it answers.
    @discardableResult
    func change<Result: Sendable>(_ body: (inout Script) -> Result) -> Result {
        script.withLock { body(&$0) }
    }

    /// Sets the load that the engine tells.
    func setLoad(running: Int, tokens: Int, waiting: Int = 0) {
        change {
            $0.text = """
                llamacpp:requests_processing \(running)
                llamacpp:requests_deferred \(waiting)
                llamacpp:tokens_predicted_total \(tokens)
                """
        }
    }

    func isReady(_ endpoint: Endpoint, path: String) async -> Bool { change { $0.isReady } }

    func firstToken(_ endpoint: Endpoint, of plan: LaunchPlan, kind: ModelKind) async -> InstanceFailure? {
        change {
            $0.tokensAsked += 1
            return $0.token
        }
    }

    func call(_ endpoint: Endpoint, _ call: ParkingPlan.Call) async -> String? {
        change { script in
            script.calls.append(call.path)
            let path = String(call.path.prefix { $0 != "?" })
            if script.refusals[path] == nil { script.isSleeping = path == "/sleep" }
            return script.refusals[path]
        }
    }

    func text(_ endpoint: Endpoint, path: String) async -> String? {
        change {
            if path == "/is_sleeping" { return "{\"is_sleeping\": \($0.isSleeping)}" }
            guard path == "/metrics" else { return $0.models }
            return $0.text
        }
    }
}
