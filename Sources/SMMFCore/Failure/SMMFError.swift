// SPDX-License-Identifier: MIT

/// An error that reaches a person or a peer: what happened, who can mend it, and how.
///
/// Roles map it to their own surface in one place each: the API Server to a dialect's envelope, the control
/// APIs to JSON, the CLI to a line on stderr.
public struct SMMFError: Error, Sendable, Hashable, Codable {
    /// The kind of failure; each code has one HTTP status and one usual blame.
    public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        case invalidRequest = "invalid_request"
        case unauthorized
        case forbidden
        case notFound = "not_found"
        case conflict
        case tooLarge = "too_large"
        case limited
        case unavailable
        case upstreamFailed = "upstream_failed"
        case timedOut = "timed_out"
        case configuration
        case storage
        case `internal`
    }

    /// Who has to act before the same request can succeed.
    public enum Blame: String, Sendable, Hashable, Codable {
        case client, key, model, instance, provider, gateway
    }

    public var code: Code
    public var blame: Blame
    /// One sentence for a person; names the field, the limit or the file.
    public var message: String
    /// The request field, option or file at fault, where one is.
    public var field: String?
    /// What to do next, as a sentence or a command; empty when the message says it all.
    public var nextStep: String?

    /// Creates an error; `blame` defaults to whom the code usually points at.
    public init(
        _ code: Code,
        _ message: String,
        blame: Blame? = nil,
        field: String? = nil,
        nextStep: String? = nil
    ) {
        self.code = code
        self.message = message
        self.blame = blame ?? code.usualBlame
        self.field = field
        self.nextStep = nextStep
    }
}

extension SMMFError.Code {
    /// The HTTP status a server answers with.
    public var httpStatus: Int {
        switch self {
        case .invalidRequest, .configuration: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .notFound: 404
        case .conflict: 409
        case .tooLarge: 413
        case .limited: 429
        case .unavailable: 503
        case .upstreamFailed: 502
        case .timedOut: 504
        case .storage, .internal: 500
        }
    }

    var usualBlame: SMMFError.Blame {
        switch self {
        case .invalidRequest, .notFound, .conflict, .tooLarge, .configuration: .client
        case .unauthorized, .forbidden, .limited: .key
        case .unavailable: .model
        case .upstreamFailed, .timedOut: .instance
        case .storage, .internal: .gateway
        }
    }
}

extension SMMFError: CustomStringConvertible {
    /// The message followed by the next step.
    public var description: String {
        guard let nextStep, !nextStep.isEmpty else { return message }
        return "\(message) \(nextStep)"
    }
}
