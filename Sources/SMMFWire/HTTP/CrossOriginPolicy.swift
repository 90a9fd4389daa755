// SPDX-License-Identifier: MIT

/// Which web pages may call from a browser, and the fields that tell a browser so (Fetch standard, CORS protocol).
public struct CrossOriginPolicy: Sendable, Hashable {
    private let origins: [[UInt8]]
    private let allowsAny: Bool

    /// For how many seconds a browser may remember an answer to its preflight request.
    static let maxAge = 7_200
    /// The fields that a page may read besides the few that it always may.
    static let exposed: StaticString = """
        x-request-id, smmf-instance, retry-after, x-ratelimit-limit-requests, x-ratelimit-limit-tokens, \
        x-ratelimit-remaining-requests, x-ratelimit-remaining-tokens, x-ratelimit-reset-requests, \
        x-ratelimit-reset-tokens
        """

    /// Allows pages of these origins, written as browsers send them, such as `https://chat.example.com`; `*` allows all.
    ///
    /// Returns nil when there is none: then nothing is looked at and nothing is sent.
    public init?(origins: [String]) {
        guard !origins.isEmpty else { return nil }
        self.origins = origins.map { Array($0.utf8) }
        allowsAny = origins.contains("*")
    }

    /// Whether a request for OPTIONS with these fields is a browser's question before the real one.
    public static func isPreflight(_ fields: FieldList) -> Bool {
        fields.value(of: .origin) != nil && fields.value(of: .requestMethod) != nil
    }

    /// Appends the field lines of the answer to a request with these fields.
    public func append(answerTo fields: FieldList, in bytes: Span<UInt8>, to output: inout [UInt8]) {
        if appendOrigin(fields, bytes, &output) {
            output.append(literal: "access-control-expose-headers: ")
            output.append(literal: Self.exposed)
            output.append(literal: "\r\n")
        }
        output.append(literal: "vary: origin\r\n")
    }

    /// Appends the field lines of the answer to a preflight request, for a path that takes the methods in `allowed`.
    ///
    /// Every field that the page wants to send is allowed: what it may do is decided by its key, not by its fields.
    public func append(
        preflight fields: FieldList,
        in bytes: Span<UInt8>,
        allowed: String,
        to output: inout [UInt8]
    ) {
        if appendOrigin(fields, bytes, &output) {
            output.append(field: "access-control-allow-methods", allowed.utf8)
            if let wanted = fields.value(of: .requestHeaders), !wanted.isEmpty {
                output.append(literal: "access-control-allow-headers: ")
                output.append(bytes, wanted)
                output.append(literal: "\r\n")
            }
            output.append(literal: "access-control-max-age: ")
            output.append(decimal: Self.maxAge)
            output.append(literal: "\r\n")
        }
        output.append(literal: "vary: origin\r\n")
    }

    /// Names the page's origin when it is allowed; returns whether it is.
    private func appendOrigin(_ fields: FieldList, _ bytes: Span<UInt8>, _ output: inout [UInt8]) -> Bool {
        guard let origin = fields.value(of: .origin) else { return false }
        if allowsAny {
            output.append(literal: "access-control-allow-origin: *\r\n")
            return true
        }
        guard origins.contains(where: { bytes.matches(origin, $0) }) else { return false }
        output.append(literal: "access-control-allow-origin: ")
        output.append(bytes, origin)
        output.append(literal: "\r\n")
        return true
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes in `range` are exactly `wanted`.
    fileprivate func matches(_ range: Range<Int>, _ wanted: [UInt8]) -> Bool {
        guard range.count == wanted.count else { return false }
        for offset in wanted.indices where self[range.lowerBound + offset] != wanted[offset] { return false }
        return true
    }
}
