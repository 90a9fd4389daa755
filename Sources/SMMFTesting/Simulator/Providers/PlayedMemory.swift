// SPDX-License-Identifier: MIT

import Synchronization

/// What a played provider remembers between requests.
final class PlayedMemory: Sendable {
    private struct State {
        var errors = 0
        var tokens: Set<String> = []
        var issued = 0
    }

    /// Tokens that can be good at once.
    private static let mostTokens = 1_024
    private let state = Mutex(State())

    /// How many requests were answered with an error.
    var errors: Int { state.withLock { $0.errors } }

    func countError() { state.withLock { $0.errors += 1 } }

    /// A new access token.
    func issue(_ prefix: String) -> String {
        state.withLock { state in
            if state.tokens.count >= Self.mostTokens { state.tokens = [] }
            state.issued += 1
            let token = "\(prefix)\(String(SimulatorText.hash("\(prefix) \(state.issued)"), radix: 16))"
            state.tokens.insert(token)
            return token
        }
    }

    func knows(_ token: String) -> Bool { state.withLock { $0.tokens.contains(token) } }
}
