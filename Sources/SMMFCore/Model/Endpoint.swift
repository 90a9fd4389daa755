// SPDX-License-Identifier: MIT

/// Where an instance listens: plain HTTP on a host and port, with an optional path before `/v1`.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    public let host: String
    public let port: Int
    /// Empty, or starts with a slash and ends without one.
    public let path: String

    /// Creates an endpoint on a host and port.
    public init(host: String, port: Int, path: String = "") {
        self.host = host
        self.port = port
        self.path = path
    }

    /// Reads `http://host[:port][/path]`; a trailing `/v1` and slash are dropped, as clients' base URLs carry them.
    ///
    /// Throws ``SMMFError`` with the field `endpoints` that says what is wrong with the text.
    public init(_ text: String) throws(SMMFError) {
        func refuse(_ why: String) -> SMMFError {
            SMMFError(
                .invalidRequest,
                "The endpoint \"\(text)\" \(why); write it as http://host:port.",
                field: "endpoints"
            )
        }
        guard !text.hasPrefix("https://") else {
            throw refuse("asks for TLS, which this version cannot speak upstream")
        }
        guard text.hasPrefix("http://") else { throw refuse("has no http:// in front") }
        let rest = text.dropFirst("http://".count)
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") }) else {
            throw refuse("has a character that no address can have")
        }
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        if path.hasSuffix("/v1") { path.removeLast(3) }
        guard let (host, port) = Self.split(authority) else { throw refuse("has no host or a port outside 1 to 65535") }
        self.init(host: host, port: port, path: path)
    }

    private static func split(_ authority: Substring) -> (String, Int)? {
        var host = authority
        var port = 80
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            if !tail.isEmpty {
                guard tail.hasPrefix(":"), let number = Int(tail.dropFirst()) else { return nil }
                port = number
            }
        } else if let colon = authority.lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]) else { return nil }
            host = authority[..<colon]
            port = number
        }
        guard !host.isEmpty, (1...65535).contains(port) else { return nil }
        return (String(host), port)
    }

    /// `host:port`, with brackets around an IPv6 address, as the Host header carries it.
    public var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    public var description: String { "http://\(authority)\(path)" }
}

extension Endpoint: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
