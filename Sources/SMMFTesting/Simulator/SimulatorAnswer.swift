// SPDX-License-Identifier: MIT

/// What a simulated engine says to one request, before a form has put it into a shape.
struct SimulatorAnswer: Sendable {
    let script: SimulatorScript
    let request: SimulatorRequest
    /// The tokens that a client concatenates.
    let pieces: [String]
    /// Whether the request's limit cut them short.
    let isCut: Bool
    /// The same for the same script and prompt.
    let identity: String

    init(script: SimulatorScript, request: SimulatorRequest) {
        self.script = script
        self.request = request
        (pieces, isCut) = script.text.tokens(script: script, prompt: request.prompt, limit: request.limit)
        identity = String(script.seed ^ SimulatorText.hash(request.prompt), radix: 36)
    }

    /// The time until the first token.
    var start: Duration {
        guard script.prefillRate > 0 else { return script.firstToken }
        return script.firstToken + .seconds(Double(request.promptTokens) / Double(script.prefillRate))
    }

    /// How long each vector is.
    var dimensions: Int { request.dimensions ?? script.dimensions }
}
