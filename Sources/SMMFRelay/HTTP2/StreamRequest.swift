// SPDX-License-Identifier: MIT

import NIOHPACK
import SMMFWire

/// Turns the fields of an HTTP/2 request into the head of an HTTP/1.1 request, and refuses what could mean something else
/// there.
///
/// This is where requests are smuggled elsewhere: a value with a line end in it would start a field of the client's
/// making, and two lengths would hide a second request. Names and values are checked byte by byte, and the length that
/// stands in the fields is the one that the stream was checked against.
struct StreamRequest: Sendable, Hashable {
    /// Why a request is malformed (RFC 9113 section 8.1.1).
    enum Problem: Error, Sendable, Hashable {
        case missingPseudoField, unknownPseudoField, repeatedPseudoField, pseudoFieldBehindOthers
        case badMethod, badPath, badAuthority
        case badName, badValue
        case connectionField, repeatedLength, badLength
        case otherHost
    }

    let isHead: Bool
    /// Whether the body goes on in chunks, as its length is not known.
    let isChunked: Bool

    private struct Pseudo {
        var method: String?
        var scheme: String?
        var authority: String?
        var path: String?

        mutating func set(_ name: String, _ value: String) throws(Problem) {
            let place: WritableKeyPath<Pseudo, String?> =
                switch name {
                case ":method": \.method
                case ":scheme": \.scheme
                case ":authority": \.authority
                case ":path": \.path
                default: throw .unknownPseudoField
                }
            guard self[keyPath: place] == nil else { throw .repeatedPseudoField }
            self[keyPath: place] = value
        }
    }

    /// Appends the head to `output`. `isWhole` says that no body follows.
    init(_ headers: HPACKHeaders, isWhole: Bool, to output: inout [UInt8]) throws(Problem) {
        var pseudo = Pseudo()
        var fields: [UInt8] = []
        var cookies: [String] = []
        var host: String?
        var length: String?
        var isBehindPseudo = false
        for (name, value, _) in headers {
            guard value.utf8.allSatisfy(Self.isValue) else { throw .badValue }
            if name.hasPrefix(":") {
                guard !isBehindPseudo else { throw .pseudoFieldBehindOthers }
                try pseudo.set(name, value)
                continue
            }
            isBehindPseudo = true
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isName) else { throw .badName }
            switch name {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade": throw .connectionField
            case "te": guard value == "trailers" else { throw .connectionField }
            // The only expectation that a stream can have is met by its window.
            case "expect": continue
            case "host":
                guard host == nil || host == value else { throw .otherHost }
                host = value
            case "content-length":
                guard length == nil else { throw .repeatedLength }
                guard !value.isEmpty, value.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { throw .badLength }
                length = value
            case "cookie": cookies.append(value)
            default: Self.append(name, value, to: &fields)
            }
        }
        if isWhole, let length, !length.utf8.allSatisfy({ $0 == 0x30 }) { throw .badLength }
        let method = try Self.appendLine(pseudo, to: &output)
        guard let authority = pseudo.authority ?? host else { throw .missingPseudoField }
        guard host == nil || pseudo.authority == nil || host == pseudo.authority else { throw .otherHost }
        guard !authority.isEmpty, authority.utf8.allSatisfy(Self.isVisible) else { throw .badAuthority }
        Self.append("host", authority, to: &output)
        output.append(contentsOf: fields)
        // A client may send its cookies as fields of their own, which HTTP/1.1 does not know.
        if !cookies.isEmpty { Self.append("cookie", cookies.joined(separator: "; "), to: &output) }
        isHead = method == "HEAD"
        isChunked = !isWhole && length == nil
        if let length { Self.append("content-length", length, to: &output) }
        if isChunked { Self.append("transfer-encoding", "chunked", to: &output) }
        output.append(literal: "\r\n")
    }

    /// Appends the request line and returns the method.
    private static func appendLine(_ pseudo: Pseudo, to output: inout [UInt8]) throws(Problem) -> String {
        guard let method = pseudo.method, pseudo.scheme != nil, let path = pseudo.path else {
            throw .missingPseudoField
        }
        guard !method.isEmpty, method != "CONNECT", method.utf8.allSatisfy({ $0 &- 0x41 < 26 || $0 == 0x2D }) else {
            throw .badMethod
        }
        guard path.hasPrefix("/") || path == "*" && method == "OPTIONS", path.utf8.allSatisfy(isVisible) else {
            throw .badPath
        }
        output.append(contentsOf: method.utf8)
        output.append(0x20)
        output.append(contentsOf: path.utf8)
        output.append(literal: " HTTP/1.1\r\n")
        return method
    }

    private static func append(_ name: String, _ value: String, to output: inout [UInt8]) {
        output.append(contentsOf: name.utf8)
        output.append(literal: ": ")
        output.append(contentsOf: value.utf8)
        output.append(literal: "\r\n")
    }

    /// Lower-case token characters: HTTP/2 has no other names.
    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "#"),
            UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"),
            UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isValue(_ byte: UInt8) -> Bool { byte >= 0x20 ? byte != 0x7F : byte == 0x09 }

    private static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}
