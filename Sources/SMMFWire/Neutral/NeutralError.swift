// SPDX-License-Identifier: MIT

/// Why a backend did not do what it was asked, in one form for all of them, with its own words kept.
///
/// What is done about it follows from ``kind``: tell the client, use another key, wait, or ask another backend.
public struct NeutralError: Error, Sendable, Hashable {
    /// What it means.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The request is wrong, and would be everywhere.
        case badRequest
        /// The key is unknown, revoked or of another region.
        case badKey
        /// The key's token has expired; a new one helps.
        case expiredToken
        /// The key may not do this.
        case denied
        /// The account has no money or no quota left; only its owner or a reset far away helps.
        case quota
        /// Too much in too short a time; waiting helps.
        case rateLimit
        /// The request alone is larger than the rate allows; waiting does not help, another key or backend may.
        case overRate
        /// The provider refuses the content.
        case contentFilter
        /// Input and output are longer than the model's context.
        case contextOverflow
        /// The model or path does not exist, or not for this key.
        case notFound
        /// The provider is busy.
        case overloaded
        /// The provider failed, or what it sent is no proper answer.
        case outage
        /// The client's own key is none of the gateway's.
        case unauthorized
        /// The client's own key may not do this.
        case forbidden
    }

    /// Who can mend it.
    public enum Fault: Sendable, Hashable { case client, account, provider }

    public var kind: Kind
    /// The status that the provider answered with; 200 for an error inside an answer, 0 where there was no answer.
    public var status: Int
    /// The provider's words, or the beginning of them.
    public var text: String
    /// The provider's code as it wrote it.
    public var code: String?
    /// The provider's name for the class of the error.
    public var type: String?
    /// The request's field at fault, as the provider names it.
    public var param: String?
    /// How long to wait, where the provider says so.
    public var retryAfter: Duration?
    /// The status that the client gets where the gateway itself is the one who refuses; it follows from ``kind`` otherwise.
    public var ownStatus: Int?

    /// Texts are cut to so many characters.
    public static let textLimit = 2048

    /// Creates an error.
    public init(
        _ kind: Kind,
        _ text: String,
        status: Int = 0,
        code: String? = nil,
        type: String? = nil,
        param: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.status = status
        self.text = String(text.prefix(Self.textLimit))
        self.code = code
        self.type = type
        self.param = param
        self.retryAfter = retryAfter
    }

    /// Who can mend it.
    public var fault: Fault {
        switch kind {
        case .badRequest, .contentFilter, .contextOverflow, .unauthorized, .forbidden: .client
        case .badKey, .expiredToken, .denied, .quota, .rateLimit, .overRate: .account
        case .notFound, .overloaded, .outage: .provider
        }
    }

    /// Whether the client is told, as no other key or instance would do it either.
    public var isForClient: Bool { fault == .client || kind == .notFound }

    /// The status that a client gets for it. A gateway's own keys are no business of its clients: what is wrong with them
    /// is a bad gateway to a client, and never a 401.
    public var clientStatus: Int {
        if let ownStatus { return ownStatus }
        return switch kind {
        case .badRequest, .contentFilter, .contextOverflow: 400
        case .badKey, .expiredToken, .denied, .outage: 502
        case .quota, .rateLimit, .overRate: 429
        case .notFound: 404
        case .overloaded: 503
        case .unauthorized: 401
        case .forbidden: 403
        }
    }

    /// The stream ended before the mark that ends it.
    static func brokenOff(_ what: String) -> NeutralError {
        NeutralError(.outage, "The answer ended early: \(what).", status: 200, code: "stream_broken")
    }

    /// What was sent is no answer of the dialect.
    static func unreadable(_ what: String) -> NeutralError {
        NeutralError(.outage, "The answer cannot be understood: \(what).", status: 200, code: "bad_answer")
    }
}
