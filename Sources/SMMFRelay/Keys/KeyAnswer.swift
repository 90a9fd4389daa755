// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFKeys
import SMMFRouting
import SMMFWire

/// The answer to a request that its key does not let pass: a value, in the form that OpenAI's clients know.
struct KeyAnswer {
    var status: Int
    var reason: KeyRefusalReason
    var error: ErrorEnvelope
    var fields: [(name: String, value: String)]

    private init(
        _ status: Int,
        _ reason: KeyRefusalReason,
        _ error: ErrorEnvelope,
        _ fields: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.reason = reason
        self.error = error
        self.fields = fields
    }

    // MARK: Who asks

    /// The request has no key. `isEmpty` says that there is none at all.
    static func missing(isEmpty: Bool) -> KeyAnswer {
        unauthorized(
            .missing,
            isEmpty
                ? "This API server can be reached from other machines, so it needs an API key, and none has been made "
                    + "yet. Its operator makes one with: smmf key create NAME"
                : "You didn't provide an API key. Send it as `Authorization: Bearer \(KeySecret.opening)…`."
        )
    }

    /// Nobody has this key. It is named by what listings show of it, and only when it looks like one of ours: anything
    /// else may be the secret of another service.
    static func unknown(_ secret: String) -> KeyAnswer {
        let shown = secret.hasPrefix(KeySecret.opening) ? ": \(KeySecret.prefix(of: secret))…" : "."
        return unauthorized(.unknown, "Incorrect API key provided\(shown)")
    }

    static func revoked(_ key: KeyEntry) -> KeyAnswer {
        unauthorized(.revoked, "The API key \(key.id) was revoked.")
    }

    static func expired(_ key: KeyEntry, _ moment: Timestamp) -> KeyAnswer {
        unauthorized(.expired, "The API key \(key.id) expired at \(moment).")
    }

    private static func unauthorized(_ reason: KeyRefusalReason, _ message: String) -> KeyAnswer {
        let error = ErrorEnvelope(.invalidRequest, message, code: "invalid_api_key")
        return KeyAnswer(401, reason, error, [("www-authenticate", "Bearer")])
    }

    // MARK: What it asks for

    static func model(_ model: String, _ key: KeyEntry) -> KeyAnswer {
        let message = "The API key \(key.id) may not use the model `\(model.prefix(200))`."
        return KeyAnswer(403, .model, ErrorEnvelope(.permission, message, param: "model", code: "model_not_allowed"))
    }

    /// A limit is reached; `now` is the time of day.
    static func limited(_ refusal: KeyRefusal, _ key: KeyEntry, at now: Timestamp) -> KeyAnswer {
        switch refusal {
        case .requests(let limit, let wait):
            let message = "Rate limit reached for the API key \(key.id) on requests per min: limit \(limit)."
            return rate(.requests, .requests, message, wait)
        case .tokens(let limit, let asked, let wait):
            let message =
                "Rate limit reached for the API key \(key.id) on tokens per min: limit \(limit), requested \(asked)."
            return rate(.tokens, .tokens, message, wait)
        case .tooLarge(let limit, let asked):
            let message =
                "Request too large for the API key \(key.id) on tokens per min: limit \(limit), requested \(asked). "
                + "Send less, or lower max_tokens."
            let error = ErrorEnvelope(.tokens, message, code: "rate_limit_exceeded")
            return KeyAnswer(429, .tooLarge, error, [("x-should-retry", "false")])
        case .concurrent(let limit):
            let message = "The API key \(key.id) may have \(limit) requests under way at once, and has."
            // When one of them ends nobody knows; a second is a guess.
            return rate(.concurrent, .requests, message, 1_000_000_000)
        case .budget(let limit, let asked, let left):
            return budget(limit: limit, asked: asked, left: left, key, at: now)
        }
    }

    private static func rate(
        _ reason: KeyRefusalReason,
        _ kind: ErrorEnvelope.Kind,
        _ message: String,
        _ wait: UInt64
    ) -> KeyAnswer {
        let milliseconds = wait / 1_000_000 + (wait % 1_000_000 > 0 ? 1 : 0)
        let text = "\(message) Please try again in \(RateLimitFields.text(duration: wait))."
        let fields = [
            (name: "retry-after", value: String((milliseconds + 999) / 1000)),
            (name: "retry-after-ms", value: String(milliseconds)),
        ]
        return KeyAnswer(429, reason, ErrorEnvelope(kind, text, code: "rate_limit_exceeded"), fields)
    }

    private static func budget(limit: Int, asked: Int, left: Int, _ key: KeyEntry, at now: Timestamp) -> KeyAnswer {
        let period = key.limits.budget?.period ?? .total
        let span = period == .total ? "in all" : "a \(period.rawValue)"
        let reset = period.end(after: now)
        var message = "The API key \(key.id) has \(left) left of its budget of \(limit) tokens \(span)"
        message += left > 0 ? ", and the request may cost \(asked): send less, or lower max_tokens." : "."
        if let reset { message += " The budget is whole again at \(reset)." }
        var fields = [(name: "x-should-retry", value: "false")]
        if let reset {
            fields.append((name: "retry-after", value: String((reset.milliseconds - now.milliseconds + 999) / 1000)))
        }
        return KeyAnswer(429, .budget, ErrorEnvelope(.quota, message, code: "insufficient_quota"), fields)
    }
}
