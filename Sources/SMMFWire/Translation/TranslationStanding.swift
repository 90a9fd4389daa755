// SPDX-License-Identifier: MIT

/// What a translated exchange has made of the answer so far.
public enum TranslationStanding: Sendable, Hashable {
    /// More bytes are needed; nothing may be sent.
    case undecided
    /// The client gets an answer with this status and content type; what was put out so far is its beginning.
    case answer(status: Int, contentType: String)
    /// The instance could not do it, and another one may.
    case failed(TranslationFailure)
}

/// A failure of an instance that another one need not share.
public struct TranslationFailure: Sendable, Hashable {
    /// The status that the instance answered with, or that its words amount to.
    public var status: Int
    /// Seconds until it may be asked again, as its field or its words say.
    public var retryAfter: String?
    /// Its own words, or the beginning of them.
    public var text: String

    /// Creates a failure.
    public init(status: Int, retryAfter: String? = nil, text: String) {
        self.status = status
        self.retryAfter = retryAfter
        self.text = text
    }

    /// The failure that an answer with one of the statuses means that say nothing against the request; nil for others.
    public init?(_ status: Int, retryAfter: String?, _ body: Span<UInt8>) {
        guard status == 429 || status == 502 || status == 503 || status == 504 else { return nil }
        self.init(status: status, retryAfter: retryAfter, text: body.text(0..<min(300, body.count)))
    }
}
