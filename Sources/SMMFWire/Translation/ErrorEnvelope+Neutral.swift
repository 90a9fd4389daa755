// SPDX-License-Identifier: MIT

extension ErrorEnvelope {
    /// A backend's error as OpenAI's clients know it, with the backend's own words.
    public init(_ error: NeutralError) {
        let kind: Kind =
            switch error.kind {
            case .badRequest, .contentFilter, .contextOverflow: .invalidRequest
            case .notFound: .notFound
            case .quota: .quota
            case .rateLimit, .overRate: .rateLimit
            case .badKey, .expiredToken, .denied, .overloaded, .outage: .server
            }
        let code: String =
            switch error.kind {
            case .badRequest: "invalid_request"
            case .contentFilter: "content_filter"
            case .contextOverflow: "context_length_exceeded"
            case .notFound: "not_found"
            case .quota: "insufficient_quota"
            case .rateLimit, .overRate: "rate_limit_exceeded"
            case .badKey, .expiredToken, .denied: "provider_key_refused"
            case .overloaded: "overloaded"
            case .outage: "upstream_failed"
            }
        self.init(kind, error.text, param: error.param, code: error.code ?? code)
    }
}
