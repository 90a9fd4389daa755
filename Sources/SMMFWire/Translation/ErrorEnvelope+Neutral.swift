// SPDX-License-Identifier: MIT

extension NeutralError {
    /// What a client may read of it. Providers repeat parts of a key in their words about it, so those are not passed on.
    public var clientText: String {
        switch kind {
        case .badKey, .expiredToken: "The provider of this model does not accept the gateway's key."
        case .denied: "The provider of this model does not let the gateway's key do this."
        default: text.isEmpty ? "The backend of this model failed without a word." : text
        }
    }
}

extension ErrorEnvelope {
    /// A backend's error as OpenAI's clients know it, with the backend's own words.
    public init(_ error: NeutralError) {
        let (kind, code): (Kind, String?) =
            switch error.kind {
            case .badRequest: (.invalidRequest, error.code ?? "invalid_request")
            case .contentFilter: (.invalidRequest, error.code ?? "content_filter")
            // Clients look for this word.
            case .contextOverflow: (.invalidRequest, "context_length_exceeded")
            case .notFound: (.notFound, error.code ?? "not_found")
            case .quota: (.quota, "insufficient_quota")
            case .rateLimit, .overRate: (.rateLimit, error.code ?? "rate_limit_exceeded")
            case .badKey, .expiredToken, .denied: (.server, "provider_key_refused")
            case .overloaded: (.server, error.code ?? "overloaded")
            case .outage: (.server, error.code ?? "upstream_failed")
            case .unauthorized: (.authentication, error.code ?? "invalid_api_key")
            case .forbidden: (.permission, error.code ?? "not_allowed")
            }
        self.init(kind, error.clientText, param: error.param, code: code)
    }

    /// `{"error":…}` as a value.
    public var tree: JSONTree {
        [
            "error": [
                "message": .string(message), "type": .string(kind.rawValue),
                "param": param.map(JSONTree.string) ?? .null, "code": code.map(JSONTree.string) ?? .null,
            ]
        ]
    }
}
