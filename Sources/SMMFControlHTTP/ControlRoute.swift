// SPDX-License-Identifier: MIT

import SMMFCore

/// One operation of a control API, as data: the server, its OpenAPI document and the tests all read the same list.
public struct ControlRoute: Sendable {
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    public let method: Method
    /// The path with parameters in braces, such as `/v1/deployments/{name}`.
    public let path: String
    /// What it does, as one sentence.
    public let summary: String
    /// Names of query parameters with what they mean.
    public let query: [String: String]
    /// The body it takes; nil for none.
    public let body: ControlSchema?
    /// The body it answers with on success; nil for an empty one.
    public let answer: ControlSchema?
    public let handler: @Sendable (ControlRequest) async throws -> ControlAnswer

    /// Creates a route.
    public init(
        _ method: Method,
        _ path: String,
        _ summary: String,
        query: [String: String] = [:],
        body: ControlSchema? = nil,
        answer: ControlSchema? = nil,
        handler: @escaping @Sendable (ControlRequest) async throws -> ControlAnswer
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.query = query
        self.body = body
        self.answer = answer
        self.handler = handler
    }

    /// The names in braces, in order.
    public var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
