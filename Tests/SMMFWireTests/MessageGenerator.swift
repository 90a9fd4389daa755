// SPDX-License-Identifier: MIT

import SMMFTesting

/// Makes HTTP messages that a seed alone decides: good ones, odd ones, and ones with a few bytes changed.
struct MessageGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private static let methods = ["GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "PATCH", "BREW", "get", "PO ST"]
    private static let targets = [
        "/", "/v1/chat/completions", "/a?b=c", "*", "http://h/p", "http://h:80/p?q", "HTTP://h/", "/a b", "/\u{e4}",
        "h:1", "/a#b", "//", "/%2e%2e", "http://h", "https://h/x", "http://u@h/",
    ]
    private static let versions = [
        "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.0", "HTTP/2.0", "http/1.1", "HTTP/1.1 ",
        "HTTP/01.1", "HTTP/1,1", "HTTP/0.9", "",
    ]
    private static let fields = [
        "A: b", "A:b", "A: b  c \t", "A:", "A:   ", "Host: h", "Host: other", "Host : h", "Connection: close",
        "Connection: keep-alive", "Connection: Keep-Alive, x", "Connection: close, x", "Connection: x",
        "Content-Type: text/event-stream", "X-Long: 0123456789abcdef0123456789abcdef", " folded: a", "\tfolded",
        "No-Colon", ": empty", "B\u{e4}d: a", "Good: \u{e4}", "Bad: a\u{0}", "Bad: a\rb", "Bad: a\nb", "Bad: \u{7f}",
        "Expect: 100-continue", "TE: trailers", "Trailer: A", "Keep-Alive: timeout=5", "X-Request-ID: abc",
        "Content-Encoding: gzip", "Content-Length : 1", "Transfer-Encoding : chunked",
    ]
    private static let lengths = ["+5", "-5", "5 5", "5,5", "0x5", "5.0", "", " 5", "5 ", "05", "99999999999999999999"]
    private static let codings = [
        "Chunked", "chunked ", "\tchunked", "gzip, chunked", "chunked, chunked", "chunked, gzip", "xchunked",
        "chunkedx", "identity", "", "\"chunked\"", "chunked;a=b", ",chunked", "chunked,", "\u{b}chunked",
    ]
    private static let sizes = [
        "0x5", " 5", "5 ", "5\t", "+5", "-5", "", "g", "ffffffffffffffff", "0000000000000000005",
    ]
    private static let extensions = [
        ";a", ";a=b", ";a=\"b c\"", ";a=\"\\\"\"", " ;a", "; a", ";a =b", ";a= b", ";", ";=", ";a=", ";a=\"b", ";a=b;c",
        ";a=\"b\"c", ";\u{e4}", ";a=\"\u{e4}\"", ";a\rb",
    ]
    private static let trailers = [
        "A: b", "A:b", "A", ": b", " folded: x", "A : b", "Content-Length: 5", "Transfer-Encoding: chunked",
        "A: \u{e4}", "A: \u{0}",
    ]

    private mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &random) < one }

    private mutating func one(of texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }

    /// One to three requests behind each other; some of them are damaged.
    mutating func requests() -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let isPlain = chance(3, in: 4)
            let line =
                isPlain
                ? "\(chance(1, in: 2) ? "GET" : "POST") \(chance(1, in: 2) ? "/" : "/v1/x?y") HTTP/1.1"
                : "\(one(of: Self.methods)) \(one(of: Self.targets)) \(one(of: Self.versions))"
            var head = chance(1, in: 10) ? "\r\n" : ""
            head += line + "\r\n"
            if chance(29, in: 30) { head += "Host: h\r\n" }
            bytes += [UInt8](head) + message(isPlain: isPlain)
        }
        return chance(1, in: 4) ? mutated(bytes, using: &random) : bytes
    }

    /// An answer; some are damaged.
    mutating func response() -> [UInt8] {
        let isPlain = chance(2, in: 3)
        let status = one(of: ["200", "200", "404", "204", "304", "500"])
        let odd = [
            "HTTP/1.1 2000 OK", "HTTP/1.1 20 OK", "HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/1.1 200 ", "ICY 200 OK",
        ]
        let line = isPlain || chance(1, in: 2) ? "HTTP/1.1 \(status) Fine" : one(of: odd)
        let bytes = [UInt8](line + "\r\n") + message(isPlain: isPlain)
        return chance(1, in: 4) ? mutated(bytes, using: &random) : bytes
    }

    /// Fields, the empty line and a body.
    private mutating func message(isPlain: Bool) -> [UInt8] {
        var head = ""
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            head += (isPlain ? one(of: Array(Self.fields.prefix(4))) : one(of: Self.fields)) + "\r\n"
        }
        switch Int.random(in: 0...3, using: &random) {
        case 0: return [UInt8](head + "\r\n")
        case 1:
            let length = isPlain || chance(1, in: 2) ? "5" : one(of: Self.lengths)
            head += "Content-Length: \(length)\r\n"
            if !isPlain, chance(1, in: 8) { head += "Content-Length: \(one(of: ["5", "6"]))\r\n" }
            if !isPlain, chance(1, in: 8) { head += "Transfer-Encoding: chunked\r\n" }
            return [UInt8](head + "\r\nhello")
        default:
            let coding = isPlain || chance(1, in: 2) ? "chunked" : one(of: Self.codings)
            head += "Transfer-Encoding: \(coding)\r\n"
            return [UInt8](head + "\r\n") + chunks(isPlain: isPlain)
        }
    }

    private mutating func chunks(isPlain: Bool) -> [UInt8] {
        var text = ""
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let size = isPlain || chance(4, in: 5) ? one(of: ["5", "05"]) : one(of: Self.sizes)
            let rest = isPlain || chance(1, in: 2) ? "" : one(of: Self.extensions)
            text += "\(size)\(rest)\r\nhello\(!isPlain && chance(1, in: 8) ? "\n" : "\r\n")"
        }
        text += "0\r\n"
        if !isPlain, chance(1, in: 3) { text += one(of: Self.trailers) + "\r\n" }
        return [UInt8](text + "\r\n")
    }
}
