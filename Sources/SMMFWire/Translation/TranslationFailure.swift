// SPDX-License-Identifier: MIT

/// A failure of an instance that another one need not share.
public struct TranslationFailure: Sendable, Hashable {
    /// The status that the instance answered with, or that its words amount to.
    public var status: Int
    /// Seconds until it may be asked again, as its field or its words say.
    public var retryAfter: String?
    /// Its own words, or the beginning of them.
    public var text: String
    /// What they mean, where that is known.
    public private(set) var error: NeutralError?

    /// What is wrong, where that is known.
    public var kind: NeutralError.Kind? { error?.kind }
    /// How long to wait, where it says so.
    public var wait: Duration? { error?.retryAfter }

    /// Creates a failure.
    public init(status: Int, retryAfter: String? = nil, text: String) {
        self.status = status
        self.retryAfter = retryAfter
        self.text = text
    }

    /// A backend's error that is not the client's to mend.
    public init(_ error: NeutralError) {
        status = error.clientStatus
        retryAfter = error.retryAfter.map { String(max(1, $0.components.seconds)) }
        text = error.clientText
        self.error = error
    }

    /// The failure that an answer with one of the statuses means that say nothing against the request; nil for others.
    public init?(_ status: Int, retryAfter: String?, _ body: Span<UInt8>) {
        guard status == 429 || status == 502 || status == 503 || status == 504 else { return nil }
        self.init(status: status, retryAfter: retryAfter, text: body.text(0..<min(300, body.count)))
    }
}
