// SPDX-License-Identifier: MIT

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    fuzz(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

/// Ends the run with a report when a law does not hold.
func require(_ holds: Bool, _ law: @autoclosure () -> String) {
    if !holds { fatalError(law()) }
}

/// Where an input is cut: up to seven places that depend on nothing but the input, or every place of a short one.
func cuts(of bytes: [UInt8]) -> [Int] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0100_0000_01B3 }
    func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(bound, 1)))
    }
    if bytes.count < 64, next(4) == 0 { return Array(stride(from: 1, to: bytes.count, by: 1)) }
    return (0..<(1 + next(7))).map { _ in next(bytes.count + 1) }.sorted()
}

/// The pieces between the cuts.
func pieces(_ bytes: [UInt8], _ cuts: [Int]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var start = 0
    for cut in cuts + [bytes.count] {
        result.append(Array(bytes[start..<cut]))
        start = cut
    }
    return result
}

extension [UInt8] {
    /// Adds a line to a transcript.
    mutating func note(_ text: StaticString, _ value: Int) {
        append(literal: text)
        append(decimal: value)
        append(10)
    }

    mutating func note(_ text: StaticString, _ value: some Collection<UInt8>) {
        append(literal: text)
        append(contentsOf: value)
        append(10)
    }

    mutating func note(_ fields: FieldList, in bytes: Span<UInt8>) {
        for field in fields.fields {
            append(field.id.rawValue)
            append(bytes, field.name.range)
            append(literal: ": ")
            append(bytes, field.value.range)
            append(10)
        }
    }

    mutating func note(_ framing: BodyFraming) {
        switch framing {
        case .none: append(literal: "none\n")
        case .length(let count): note("length ", count)
        case .chunked: append(literal: "chunked\n")
        case .untilClose: append(literal: "until close\n")
        }
    }
}

/// The text of a transcript, for reports.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
