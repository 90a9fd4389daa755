// SPDX-License-Identifier: MIT

import SMMFTesting

/// Makes request bodies and other documents that a seed alone decides.
struct BodyGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private static let strings = [
        "m", "", "a b", "\u{e4}\u{4f60}\u{597d}", "\u{1f600}", "\\n\\t\\\"\\\\\\/\\b\\f\\r", "\\u00e4",
        "\\uD83D\\uDE00", "qwen3-8b:latest",
    ]
    private static let numbers = ["0", "-0", "1", "12", "-3.5", "1e3", "1E-2", "0.125", "123456789", "2.5e+3"]
    private static let odd = [
        "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "tru", "nul", "True", "\"\\x\"", "\"\\u12g4\"", "\"\\u12\"",
        "\"a\nb\"",
        "\"a\u{1}\"", "[1,]", "[,1]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "[1 2]", "\"abc", "[", "{", "]",
        "",
        "{\"a\":1", "1 2", "\u{a0}", "/*c*/1", "{\"a\":}", "{\"a\"}", "{1:2}", "\"\u{7f}\"",
    ]
    private static let spaces = ["", "", "", " ", "\n", "\r\n\t"]

    private mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &random) < one }

    private mutating func one(of texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }

    private mutating func value(_ depth: Int) -> String {
        let space = one(of: Self.spaces)
        if chance(1, in: 60) { return space + one(of: Self.odd) }
        switch Int.random(in: 0...(depth > 3 ? 3 : 5), using: &random) {
        case 0: return space + "\"\(one(of: Self.strings))\""
        case 1: return space + one(of: Self.numbers)
        case 2: return space + one(of: ["true", "false", "null"])
        case 3: return space + one(of: ["[]", "{}", "[ ]", "{ }"])
        case 4:
            let elements = (0..<Int.random(in: 1...3, using: &random)).map { _ in value(depth + 1) }
            return space + "[" + elements.joined(separator: one(of: Self.spaces) + ",") + one(of: Self.spaces) + "]"
        default:
            // Members of one name in one object are read differently by good readers.
            let members = (0..<Int.random(in: 1...3, using: &random)).map { "\"k\($0)\":" + value(depth + 1) }
            return space + "{" + members.joined(separator: ", ") + "}"
        }
    }

    /// Any document; one in three is damaged.
    mutating func document() -> [UInt8] {
        let bytes = [UInt8](value(0) + one(of: Self.spaces))
        return chance(1, in: 3) ? mutated(bytes, using: &random) : bytes
    }

    /// A body for completions, mostly.
    mutating func body() -> [UInt8] {
        var members: [String] = []
        if !chance(1, in: 12) {
            members.append(one(of: ["\"model\":", "\"mod\\u0065l\" : "]) + "\"\(one(of: Self.strings))\"")
        }
        if !chance(1, in: 12) {
            members.append("\"prompt\":" + one(of: ["\"p\"", "[\"a\",\"b\"]", "[1]", " \"\u{4f60}\""]))
        }
        if chance(1, in: 2) { members.append("\"stream\":" + one(of: ["true", "false", "null"])) }
        if chance(1, in: 4) {
            members.append("\"stream_options\":" + one(of: ["{}", "null", "{\"include_usage\":true}"]))
        }
        for index in 0..<Int.random(in: 0...3, using: &random) { members.append("\"x\(index)\":" + value(1)) }
        members.shuffle(using: &random)
        let bytes = [UInt8]("{" + members.joined(separator: one(of: Self.spaces) + ",") + "}" + one(of: Self.spaces))
        return chance(1, in: 3) ? mutated(bytes, using: &random) : bytes
    }
}
