// SPDX-License-Identifier: MIT

/// What a reader of answers needs to know of an answer's head.
public struct AnswerHead: Sendable, Hashable {
    public var status: Int
    /// The value of `content-type`; readers look at the bytes rather than believe it.
    public var contentType: String
    /// The value of `retry-after`, or of `retry-after-ms` with `ms` behind it.
    public var retryAfter: String?
    /// The value of `x-amzn-errortype`.
    public var errorType: String?

    /// Creates a head.
    public init(status: Int, contentType: String = "", retryAfter: String? = nil, errorType: String? = nil) {
        self.status = status
        self.contentType = contentType
        self.retryAfter = retryAfter
        self.errorType = errorType
    }

    /// Whether the provider says that it did what it was asked.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// How long to wait: seconds, also with a fraction, or milliseconds. A date says nothing here, as there is no clock.
    public var wait: Duration? { retryAfter.flatMap(Self.duration) }

    /// Reads `5`, `1.5`, `34.4s`, `120ms`, `6m0s` and the like; nil for anything else, and beyond a month.
    public static func duration(_ text: String) -> Duration? {
        var total = 0.0
        var rest = Substring(text.filter { $0 != " " })
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard let value = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            switch unit {
            case "", "s": total += value
            case "ms": total += value / 1000
            case "m": total += value * 60
            case "h": total += value * 3600
            case "d": total += value * 86_400
            default: return nil
            }
        }
        guard total <= 31 * 86_400 else { return nil }
        return .milliseconds(Int64((total * 1000).rounded(.up)))
    }
}
