// SPDX-License-Identifier: MIT

/// The header fields that a relay acts on; all others are `other` and pass through.
public enum FieldName: UInt8, Sendable, Hashable {
    case other
    case host, connection, contentLength, transferEncoding, contentType, contentEncoding, acceptEncoding
    case expect, keepAlive, te, trailer, upgrade, retryAfter
    case proxyAuthenticate, proxyAuthorization, proxyConnection
    case authorization, requestID, instance
    /// `x-api-key` of Anthropic's clients, `x-goog-api-key` of Google's.
    case apiKey
    /// Any of the fields that begin with `x-ratelimit-`.
    case rateLimit
    case origin, requestMethod, requestHeaders
    /// Any other field that tells a browser which pages may read an answer.
    case accessControl

    /// Whether the field speaks of one connection only and is never forwarded (RFC 9110 section 7.6.1).
    public var isHopByHop: Bool {
        switch self {
        case .connection, .transferEncoding, .keepAlive, .te, .trailer, .upgrade, .proxyAuthenticate,
            .proxyAuthorization, .proxyConnection:
            true
        default: false
        }
    }

    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        func of(_ name: FieldName, _ text: StaticString) -> FieldName? {
            bytes.matchesIgnoringCase(range, text) ? name : nil
        }
        let found: FieldName? =
            switch range.count {
            case 2: of(.te, "te")
            case 4: of(.host, "host")
            case 6: of(.expect, "expect") ?? of(.origin, "origin")
            case 7: of(.trailer, "trailer") ?? of(.upgrade, "upgrade")
            case 9: of(.apiKey, "x-api-key")
            case 10: of(.connection, "connection") ?? of(.keepAlive, "keep-alive")
            case 11: of(.retryAfter, "retry-after")
            case 12: of(.contentType, "content-type") ?? of(.requestID, "x-request-id")
            case 13: of(.authorization, "authorization") ?? of(.instance, "smmf-instance")
            case 14: of(.contentLength, "content-length") ?? of(.apiKey, "x-goog-api-key")
            case 15: of(.acceptEncoding, "accept-encoding")
            case 16: of(.contentEncoding, "content-encoding") ?? of(.proxyConnection, "proxy-connection")
            case 17: of(.transferEncoding, "transfer-encoding")
            case 18: of(.proxyAuthenticate, "proxy-authenticate")
            case 19: of(.proxyAuthorization, "proxy-authorization")
            case 24...30:
                of(.requestMethod, "access-control-request-method")
                    ?? of(.requestHeaders, "access-control-request-headers")
                    ?? (Self.begins(bytes, range, with: "x-ratelimit-") ? .rateLimit : nil)
            default: nil
            }
        self = found ?? (Self.begins(bytes, range, with: "access-control-") ? .accessControl : .other)
    }

    private static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>, with prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard range.count > length else { return false }
        return bytes.matchesIgnoringCase(range.lowerBound..<(range.lowerBound + length), prefix)
    }
}
