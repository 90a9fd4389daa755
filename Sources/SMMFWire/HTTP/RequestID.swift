// SPDX-License-Identifier: MIT

/// A request's name in answers, logs and the journal; held inline, so that it costs no allocation.
public struct RequestID: Sendable {
    private var bytes: InlineArray<64, UInt8>
    private var length: Int

    /// The longest name that is taken from a client.
    public static let longest = 64

    /// A name of 32 hexadecimal digits from two random numbers.
    public init(_ high: UInt64, _ low: UInt64) {
        bytes = InlineArray(repeating: 0)
        length = 32
        for index in 0..<32 {
            let word = index < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - (index % 16) * 4) & 0xF)
            bytes[index] = digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10
        }
    }

    /// A client's own name, when it is 1 to 64 visible ASCII characters without quote and backslash; nil otherwise.
    public init?(_ source: Span<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty, range.count <= Self.longest else { return nil }
        bytes = InlineArray(repeating: 0)
        length = range.count
        for (index, place) in range.enumerated() {
            let byte = source[place]
            guard ASCII.isVisible(byte), byte != ASCII.quote, byte != ASCII.backslash else { return nil }
            bytes[index] = byte
        }
    }

    /// The name as text.
    public var text: String {
        var copy: [UInt8] = []
        append(to: &copy)
        return String(decoding: copy, as: UTF8.self)
    }

    /// Appends the name's bytes.
    public func append(to output: inout [UInt8]) {
        output.append(bytes.span, 0..<length)
    }

    /// Appends the name's bytes, at most ``longest``.
    public func append(to output: inout OutputSpan<UInt8>) {
        output.append(bytes.span, 0..<length)
    }
}
