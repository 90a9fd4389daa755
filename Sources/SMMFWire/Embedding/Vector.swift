// SPDX-License-Identifier: MIT

/// The numbers of one embedding, as read from an answer in either form.
struct Vector: Sendable, Hashable {
    var values: [Float]

    /// Reads an array of numbers at `range`, or the Base64 of little-endian floats where it is a string; nil where it is
    /// neither.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard let first = range.first else { return nil }
        if bytes[first] == ASCII.quote {
            guard let raw = Base64.decode(bytes, range.dropFirst().dropLast()), raw.count % 4 == 0 else { return nil }
            values = stride(from: 0, to: raw.count, by: 4).map { place in
                let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(raw[place + $1]) << UInt32(8 * $1) }
                return Float(bitPattern: word)
            }
            return
        }
        guard bytes[first] == ASCII.openBracket else { return nil }
        values = []
        var index = first + 1
        while index < range.upperBound {
            switch bytes[index] {
            case ASCII.closeBracket: return
            case ASCII.zero...ASCII.nine, UInt8(ascii: "-"):
                values.append(Self.number(bytes, &index, end: range.upperBound))
            case ASCII.comma, ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab: index += 1
            default: return nil
            }
        }
        return nil
    }

    /// Reads a number whose grammar is known to be right. Nineteen digits are more than a float can tell apart.
    private static func number(_ bytes: Span<UInt8>, _ index: inout Int, end: Int) -> Float {
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var isBehindPoint = false
        while index < end {
            let byte = bytes[index]
            if ASCII.isDigit(byte) {
                if digits < 19 {
                    mantissa = mantissa * 10 + UInt64(byte - ASCII.zero)
                    if mantissa > 0 { digits += 1 }
                    if isBehindPoint { exponent -= 1 }
                } else if !isBehindPoint {
                    exponent += 1
                }
            } else if byte == UInt8(ascii: ".") {
                isBehindPoint = true
            } else {
                break
            }
            index += 1
        }
        if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let isDown = index < end && bytes[index] == UInt8(ascii: "-")
            if index < end, isDown || bytes[index] == UInt8(ascii: "+") { index += 1 }
            var value = 0
            while index < end, ASCII.isDigit(bytes[index]) {
                value = min(9_999, value * 10 + Int(bytes[index] - ASCII.zero))
                index += 1
            }
            exponent += isDown ? -value : value
        }
        var result = Double(mantissa)
        var left = min(400, abs(exponent))
        while left > 0 {
            let step = min(left, 22)
            result = exponent < 0 ? result / powers[step] : result * powers[step]
            left -= step
        }
        return Float(isNegative ? -result : result)
    }

    /// Powers of ten that a double holds exactly.
    private static let powers: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }

    /// Cuts the vector to its first numbers and gives it length one again, as models are trained for that cut it.
    mutating func cut(to dimensions: Int) {
        guard values.count > dimensions else { return }
        values.removeLast(values.count - dimensions)
        let length = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0 else { return }
        for index in values.indices { values[index] = Float(Double(values[index]) / length) }
    }

    /// Appends it as an array, or as a string of Base64.
    func append(isBase64: Bool, to output: inout [UInt8]) {
        guard isBase64 else {
            output.append(ASCII.openBracket)
            for (number, value) in values.enumerated() {
                if number > 0 { output.append(ASCII.comma) }
                output.append(contentsOf: (value.isFinite ? value : 0).description.utf8)
            }
            output.append(ASCII.closeBracket)
            return
        }
        var raw: [UInt8] = []
        raw.reserveCapacity(values.count * 4)
        for value in values {
            let word = value.bitPattern
            for shift in stride(from: UInt32(0), to: 32, by: 8) { raw.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        output.append(ASCII.quote)
        Base64.append(raw, to: &output)
        output.append(ASCII.quote)
    }
}
