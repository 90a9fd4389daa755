// SPDX-License-Identifier: MIT

public import SMMFWire

/// A path that the gateway answers by itself, such as the list of models. It runs in a task of its own, off the loops.
public struct LocalRoute: Sendable {
    /// Who may call a path.
    public enum Access: Sendable, Hashable {
        /// Everybody.
        case open
        /// Everybody on this machine where nobody else can reach it, and otherwise who has a key.
        case local
        /// Who has a key, as soon as keys are required.
        case key
    }

    /// The method; a route for GET answers HEAD as well.
    public var method: HTTPMethod
    /// The exact path, or the beginning of all paths when `isPrefix` is set.
    public var path: String
    public var isPrefix: Bool
    public var access: Access
    public var answer: @Sendable (LocalRequest) async -> LocalResponse

    /// Creates a route.
    public init(
        _ method: HTTPMethod,
        _ path: String,
        isPrefix: Bool = false,
        access: Access = .key,
        answer: @escaping @Sendable (LocalRequest) async -> LocalResponse
    ) {
        self.method = method
        self.path = path
        self.isPrefix = isPrefix
        self.access = access
        self.answer = answer
    }
}
