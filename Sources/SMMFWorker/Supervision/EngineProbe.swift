// SPDX-License-Identifier: MIT

public import SMMFCore

/// Asks a running engine how it is. Every call ends within a bound of its own, and an engine that does not answer is an
/// answer.
public protocol EngineProbe: Sendable {
    /// Whether a GET of `path` answers 200.
    func isReady(_ endpoint: Endpoint, path: String) async -> Bool
    /// Asks for the smallest piece of the model's work, as one token, in the words of the engine; nil is success.
    func firstToken(_ endpoint: Endpoint, of plan: LaunchPlan, kind: ModelKind) async -> InstanceFailure?
    /// Has the engine give up its memory, or take it back; nil is success, else what it answers.
    func call(_ endpoint: Endpoint, _ call: ParkingPlan.Call) async -> String?
    /// The body of a GET of `path`; nil unless it answers 200 with text of a sane size.
    func text(_ endpoint: Endpoint, path: String) async -> String?
}
