// SPDX-License-Identifier: MIT

extension NeutralError {
    /// What a client may read of it. Providers repeat parts of a key in their words about it, so those are not passed on.
    var clientText: String {
        switch kind {
        case .badKey, .expiredToken: "The provider of this model does not accept the gateway's key."
        case .denied: "The provider of this model does not let the gateway's key do this."
        default: text.isEmpty ? "The backend of this model failed without a word." : text
        }
    }
}

extension ErrorEnvelope {
    /// A backend's error in OpenAI's words, with the provider's own text.
    public init(_ error: NeutralError) {
        let (kind, code): (Kind, String?) =
            switch error.kind {
            case .badRequest: (.invalidRequest, error.code)
            case .contextOverflow: (.invalidRequest, "context_length_exceeded")
            case .contentFilter: (.invalidRequest, "content_filter")
            case .badKey, .expiredToken, .denied: (.server, "provider_key_refused")
            case .quota: (.quota, "insufficient_quota")
            case .rateLimit, .overRate: (.rateLimit, "rate_limit_exceeded")
            case .notFound: (.invalidRequest, "model_not_found")
            case .overloaded: (.server, "overloaded")
            case .outage: (.server, error.code)
            }
        self.init(kind, error.clientText, param: error.param, code: code)
    }

    /// `{"error":…}` as a value.
    var tree: JSONTree {
        [
            "error": [
                "message": .string(message), "type": .string(kind.rawValue),
                "param": param.map(JSONTree.string) ?? .null, "code": code.map(JSONTree.string) ?? .null,
            ]
        ]
    }
}
