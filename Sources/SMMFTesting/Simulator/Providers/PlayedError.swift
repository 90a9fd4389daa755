// SPDX-License-Identifier: MIT

/// An error that a played provider tells, before it is put into the provider's words.
struct PlayedError: Error, Sendable, Hashable {
    /// What it is about; `#error:KIND` asks for it.
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case badRequest, badKey, expiredToken, denied, quota, rateLimit, overRate, contentFilter, contextOverflow
        case notFound, overloaded, outage

        /// What stands in for a kind that a provider has no words for.
        var fallback: Kind? {
            switch self {
            case .badRequest, .badKey, .rateLimit, .outage: nil
            case .expiredToken, .denied: .badKey
            case .quota, .overRate: .rateLimit
            case .contentFilter, .contextOverflow, .notFound: .badRequest
            case .overloaded: .outage
            }
        }
    }

    let kind: Kind
    /// Instead of the provider's usual text.
    var message: String?
    /// The field at fault.
    var param: String?

    init(_ kind: Kind, _ message: String? = nil, param: String? = nil) {
        self.kind = kind
        self.message = message
        self.param = param
    }

    static func missing(_ field: String) -> PlayedError {
        PlayedError(.badRequest, "Missing required parameter: '\(field)'.", param: field)
    }

    static func wrong(_ field: String, _ why: String) -> PlayedError {
        PlayedError(.badRequest, "Invalid value for '\(field)': \(why).", param: field)
    }
}
