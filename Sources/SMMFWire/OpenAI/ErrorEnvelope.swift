// SPDX-License-Identifier: MIT

/// An error in the form that OpenAI's API answers with and its clients map to exceptions.
public struct ErrorEnvelope: Sendable, Hashable {
    /// OpenAI's classes of errors.
    public enum Kind: String, Sendable, Hashable {
        case invalidRequest = "invalid_request_error"
        case authentication = "authentication_error"
        case permission = "permission_error"
        case notFound = "not_found_error"
        case rateLimit = "rate_limit_error"
        case server = "server_error"
        /// Too many requests in a minute.
        case requests
        /// Too many tokens in a minute.
        case tokens
        /// Nothing is left of a budget.
        case quota = "insufficient_quota"
    }

    public var message: String
    public var kind: Kind
    /// The request's field at fault.
    public var param: String?
    /// A word for programs.
    public var code: String?

    /// Creates an error.
    public init(_ kind: Kind, _ message: String, param: String? = nil, code: String? = nil) {
        self.message = message
        self.kind = kind
        self.param = param
        self.code = code
    }

    /// The error about a body that could not be read.
    public init(_ problem: RequestProblem) {
        self.init(.invalidRequest, problem.message, param: problem.field, code: problem.code)
    }

    /// Appends `{"error": …}`.
    public func append(to output: inout [UInt8]) {
        output.append(literal: "{\"error\":{\"message\":")
        output.append(json: message)
        output.append(literal: ",\"type\":")
        output.append(json: kind.rawValue)
        output.append(literal: ",\"param\":")
        append(param, to: &output)
        output.append(literal: ",\"code\":")
        append(code, to: &output)
        output.append(literal: "}}")
    }

    private func append(_ text: String?, to output: inout [UInt8]) {
        if let text { output.append(json: text) } else { output.append(literal: "null") }
    }
}
