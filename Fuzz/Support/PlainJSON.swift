// SPDX-License-Identifier: MIT

/// JSON as RFC 8259 writes it down, read by the letter and without any haste: what the fast reader is measured against.
struct PlainJSON {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private var place = 0
    private var depth = 0
    /// The texts of the top-level members `model`.
    private(set) var models: [String] = []

    private struct Invalid: Error {}

    static func read(_ bytes: [UInt8], depthLimit: Int) -> (isValid: Bool, models: [String]) {
        var reader = PlainJSON(bytes: bytes, depthLimit: depthLimit)
        do {
            try reader.value()
            reader.space()
            return (reader.place == bytes.count, reader.models)
        } catch { return (false, []) }
    }

    private init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    private var next: Character? { place < bytes.count ? Character(Unicode.Scalar(bytes[place])) : nil }

    private mutating func space() {
        while let next, " \t\n\r".unicodeScalars.contains(where: { Character($0) == next }) { place += 1 }
    }

    private mutating func take(_ text: String) throws {
        for byte in text.utf8 {
            guard place < bytes.count, bytes[place] == byte else { throw Invalid() }
            place += 1
        }
    }

    private mutating func value() throws {
        space()
        switch next {
        case "{": try object()
        case "[": try array()
        case "\"": _ = try string()
        case "t": try take("true")
        case "f": try take("false")
        case "n": try take("null")
        default: try number()
        }
    }

    private mutating func enter() throws {
        depth += 1
        if depth > depthLimit { throw Invalid() }
        place += 1
        space()
    }

    private mutating func object() throws {
        try enter()
        defer { depth -= 1 }
        if next == "}" { return place += 1 }
        while true {
            space()
            let key = try string()
            space()
            try take(":")
            space()
            if depth == 1, key == "model", next == "\"" { models.append(try string()) } else { try value() }
            space()
            if next == "}" { return place += 1 }
            try take(",")
        }
    }

    private mutating func array() throws {
        try enter()
        defer { depth -= 1 }
        if next == "]" { return place += 1 }
        while true {
            try value()
            space()
            if next == "]" { return place += 1 }
            try take(",")
        }
    }

    private mutating func digits() throws {
        let start = place
        while place < bytes.count, (48...57).contains(bytes[place]) { place += 1 }
        if place == start { throw Invalid() }
    }

    private mutating func number() throws {
        if next == "-" { place += 1 }
        if next == "0" { place += 1 } else { try digits() }
        if next == "." {
            place += 1
            try digits()
        }
        if next == "e" || next == "E" {
            place += 1
            if next == "+" || next == "-" { place += 1 }
            try digits()
        }
    }

    private mutating func string() throws -> String {
        try take("\"")
        var units: [UInt16] = []
        var plain: [UInt8] = []
        func flushed() throws -> [UInt16] {
            guard let text = String(validating: plain, as: UTF8.self) else { throw Invalid() }
            return Array(text.utf16)
        }
        while true {
            guard place < bytes.count, bytes[place] >= 0x20 else { throw Invalid() }
            let byte = bytes[place]
            place += 1
            if byte == 0x22 { break }
            guard byte == 0x5C else {
                plain.append(byte)
                continue
            }
            units += try flushed()
            plain = []
            units.append(try escape())
        }
        units += try flushed()
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func escape() throws -> UInt16 {
        guard let letter = next else { throw Invalid() }
        place += 1
        switch letter {
        case "\"", "\\", "/": return UInt16(letter.asciiValue ?? 0)
        case "b": return 8
        case "f": return 12
        case "n": return 10
        case "r": return 13
        case "t": return 9
        case "u":
            guard place + 4 <= bytes.count else { throw Invalid() }
            let digits = bytes[place..<(place + 4)]
            guard digits.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66 || (48...57).contains($0) }),
                let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw Invalid() }
            place += 4
            return unit
        default: throw Invalid()
        }
    }
}
