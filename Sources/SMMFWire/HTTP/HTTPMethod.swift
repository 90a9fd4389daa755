// SPDX-License-Identifier: MIT

/// A request method; every token outside the registered ones a server meets is `other`.
public enum HTTPMethod: UInt8, Sendable, Hashable, CaseIterable {
    case get, head, post, put, patch, delete, options, trace, connect, other

    /// The method's name as it stands in a request line; `other` has none.
    public var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other: ""
        }
    }

    /// Recognises the method in `range`; methods are case-sensitive (RFC 9110 section 9.1).
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        for method in Self.allCases where method != .other && bytes.matches(range, method.name) {
            self = method
            return
        }
        self = .other
    }
}
