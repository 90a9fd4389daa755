// SPDX-License-Identifier: MIT

/// Tells from a provider's words what an error means: its code first, its text second, the status last.
public struct ErrorMap: Sendable, Hashable {
    /// One rule; all that is given must match.
    public struct Rule: Sendable, Hashable {
        public var kind: NeutralError.Kind
        /// The code or the type, one of these.
        public var words: [String]
        /// A part of the text, in any case.
        public var text: String?
        /// A part of one of the finer words.
        public var detail: String?
        public var status: Int?

        /// Creates a rule.
        public init(
            _ kind: NeutralError.Kind,
            _ words: [String] = [],
            text: String? = nil,
            detail: String? = nil,
            status: Int? = nil
        ) {
            self.kind = kind
            self.words = words
            self.text = text
            self.detail = detail
            self.status = status
        }

        func matches(_ error: ErrorWords, _ status: Int) -> Bool {
            if let own = self.status, own != status { return false }
            if !words.isEmpty, !words.contains(where: { $0 == error.code || $0 == error.type }) { return false }
            if let detail, !error.details.contains(where: { $0.contains(detail) }) { return false }
            guard let text else { return true }
            return error.text.lowercased().contains(text.lowercased())
        }
    }

    /// The provider's own rules, tried before the common ones.
    public var rules: [Rule]

    /// Creates a map.
    public init(_ rules: [Rule] = []) { self.rules = rules }

    /// What the error means.
    public func kind(of error: ErrorWords, status: Int) -> NeutralError.Kind {
        for rule in rules where rule.matches(error, status) { return rule.kind }
        for rule in Self.common where rule.matches(error, status) { return rule.kind }
        return Self.kind(of: status)
    }

    /// Builds the error.
    public func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError {
        NeutralError(
            kind(of: words, status: head.status),
            words.text,
            status: head.status,
            code: words.code,
            type: words.type,
            param: words.param,
            retryAfter: head.wait ?? words.wait
        )
    }

    /// What a status alone says.
    static func kind(of status: Int) -> NeutralError.Kind {
        switch status {
        case 401: .badKey
        case 402: .quota
        case 403: .denied
        case 404, 405, 410: .notFound
        // Who asks for too long, or was hung up on, finds another backend.
        case 408, 499: .outage
        case 413: .contextOverflow
        case 429: .rateLimit
        // For legal reasons.
        case 451: .contentFilter
        case 400..<500: .badRequest
        case 503, 529: .overloaded
        default: .outage
        }
    }

    /// Words that mean the same wherever they are used; a provider that uses one otherwise says so in its own rules.
    static let common: [Rule] = [
        Rule(.contextOverflow, ["context_length_exceeded", "string_above_max_length", "exceed_context_size_error"]),
        Rule(.contextOverflow, text: "maximum context length"),
        Rule(.contextOverflow, text: "prompt is too long"),
        Rule(.contextOverflow, text: "exceeds the available context size"),
        Rule(.contextOverflow, text: "exceeded model token limit"),
        Rule(.contextOverflow, text: "Range of input length should be"),
        // The count itself may stand between the words.
        Rule(.contextOverflow, text: "exceeds the maximum number of tokens"),
        Rule(
            .badKey,
            ["invalid_api_key", "invalid_authentication_error", "incorrect_api_key_error", "authentication_error"]
        ),
        Rule(.overRate, ["rate_limit_exceeded", "tokens", "requests"], text: "Request too large"),
        Rule(.quota, ["insufficient_quota", "billing_error", "exceeded_current_quota_error"]),
        Rule(.quota, ["billing_hard_limit_reached", "billing_not_active"]),
        Rule(.quota, text: "credit balance is too low"),
        Rule(.quota, text: "insufficient balance"),
        Rule(.rateLimit, ["rate_limit_exceeded", "rate_limit_error", "rate_limit_reached_error", "rate_limited"]),
        Rule(.contentFilter, ["content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"]),
        Rule(.notFound, ["model_not_found", "DeploymentNotFound", "not_found_error", "resource_not_found_error"]),
        Rule(.overloaded, ["overloaded_error", "engine_overloaded_error"]),
        Rule(.outage, ["server_error", "api_error", "timeout_error"], status: 200),
        Rule(.badRequest, ["invalid_request_error"], status: 200),
    ]
}
