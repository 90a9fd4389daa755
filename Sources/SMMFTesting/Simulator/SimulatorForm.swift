// SPDX-License-Identifier: MIT

/// How requests at one path are read, and in which shape the answer is written.
struct SimulatorForm: Sendable {
    typealias Read =
        @Sendable (SimulatorBody, SimulatorScript) throws(SimulatorRequest.Invalid) -> SimulatorRequest

    /// One piece of a stream, without its framing.
    struct Frame: Sendable {
        var text: String
        var tokens = 0
    }

    enum Framing: Sendable { case events, lines }

    let read: Read
    /// The answer in one piece.
    let whole: @Sendable (SimulatorAnswer) -> String
    /// The answer as a stream; nil where it never is one.
    var stream: (@Sendable (SimulatorAnswer) -> [Frame])?
    /// How the pieces of a stream are told apart.
    var framing = Framing.events
    /// Whether a stream of events ends with `[DONE]`.
    var hasDone = true
    /// No blank behind `data:`, whatever the script says.
    var isTight = false
}
