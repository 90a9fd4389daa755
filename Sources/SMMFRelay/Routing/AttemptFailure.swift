// SPDX-License-Identifier: MIT

import SMMFRouting
import SMMFWire

/// Why an instance did not answer, before anything was sent to the client.
enum AttemptFailure: Sendable, Hashable {
    case connectFailed(String)
    /// All connections to the instance stayed busy.
    case noConnection
    case closed
    case timedOut
    case badAnswer(String)
    /// It asked for the request to go elsewhere or come later.
    case status(Int, retryAfter: String?)
    /// An error behind a good status; the text is its beginning.
    case errorInside(String)
    /// What a translation read of its answer.
    case told(TranslationFailure)
    case empty

    /// Whether the instance itself seems to be in trouble, as against being full.
    var countsAgainstInstance: Bool {
        switch self {
        case .noConnection, .status(429, _): false
        case .told(let failure): failure.status != 429
        default: true
        }
    }

    /// How long a provider's key rests after it, and why; nil where it need not.
    var rest: (nanoseconds: UInt64, reason: InstanceRest.Reason)? {
        guard case .told(let failure) = self, let kind = failure.kind else { return nil }
        func seconds(_ otherwise: Int64, atMost limit: Int64 = 86_400) -> UInt64 {
            let said = failure.wait.map { $0.components.seconds + 1 } ?? otherwise
            return UInt64(max(1, min(said, limit))) * 1_000_000_000
        }
        switch kind {
        case .rateLimit: return (seconds(5), .limited)
        // Money may be paid in and keys be mended at any time, so they are tried again now and then.
        case .quota: return (seconds(300, atMost: 3_600), .exhausted)
        case .badKey, .expiredToken, .denied: return (seconds(300), .refused)
        case .badRequest, .overRate, .contentFilter, .contextOverflow, .notFound, .overloaded, .outage, .unauthorized,
            .forbidden:
            return nil
        }
    }

    /// Whether the instance may be gone, so that the routing table is about to change.
    ///
    /// The request did not reach it, so it cannot have died of this request.
    var suggestsDeath: Bool {
        if case .connectFailed = self { true } else { false }
    }

    /// The status of the answer when no other instance is left.
    var status: Int {
        switch self {
        // A provider's limit is the client's to wait for; a full engine is a service that is not available.
        case .told(let failure): failure.kind == .rateLimit ? 429 : Self.ownStatus(failure.status)
        case .status(let status, _): Self.ownStatus(status)
        case .timedOut: 504
        case .noConnection: 503
        default: 502
        }
    }

    private static func ownStatus(_ status: Int) -> Int {
        switch status {
        case 504: 504
        case 429, 503: 503
        default: 502
        }
    }

    /// When the client may come again, for the answer's field.
    var retryAfter: String? {
        guard status == 503 || status == 429 else { return nil }
        switch self {
        case .status(_, let retryAfter?): return retryAfter
        case .told(let failure): return failure.retryAfter ?? "1"
        default: return "1"
        }
    }

    /// What OpenAI's clients read of it as a word.
    var code: String {
        if case .told(let failure) = self, let error = failure.error {
            return ErrorEnvelope(error).code ?? "upstream_failed"
        }
        return "upstream_failed"
    }

    /// What happened, to follow "The instance …".
    var explanation: String {
        switch self {
        case .connectFailed(let why): "could not be reached: \(why)"
        case .noConnection: "has no free connection"
        case .closed: "closed the connection before it answered"
        case .timedOut: "did not answer in time"
        case .badAnswer(let why): "sent a bad answer: \(why)"
        case .status(let status, _): "refused the request with status \(status)"
        case .errorInside(let text): "answered with an error: \(text)"
        case .told(let failure) where failure.error != nil: "did not do it: \(failure.text)"
        case .told(let failure): "refused the request with status \(failure.status): \(failure.text)"
        case .empty: "sent an empty answer"
        }
    }

    /// Statuses that say nothing against the request itself, so another instance may take it.
    static func isRetryable(_ status: Int) -> Bool {
        status == 429 || status == 502 || status == 503 || status == 504
    }
}
