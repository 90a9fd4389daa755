// SPDX-License-Identifier: MIT

/// Where an instance listens: HTTP on a host and port, with or without TLS, or on a Unix socket; with an optional path
/// before `/v1`.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// What carries the bytes.
    public enum Transport: Sendable, Hashable {
        case plain
        case tls
        /// A socket in the file system, at this absolute path.
        case unix(String)
    }

    public let transport: Transport
    /// `localhost` for a Unix socket.
    public let host: String
    /// 0 for a Unix socket.
    public let port: Int
    /// Empty, or starts with a slash and ends without one.
    public let path: String

    /// The most bytes of a Unix socket's path, which the smallest of the systems takes.
    public static let socketPathLimit = 103

    /// Creates an endpoint on a host and port.
    public init(host: String, port: Int, path: String = "", isTLS: Bool = false) {
        self.transport = isTLS ? .tls : .plain
        self.host = host
        self.port = port
        self.path = path
    }

    /// Creates an endpoint on a Unix socket.
    public init(socket: String, path: String = "") {
        self.transport = .unix(socket)
        self.host = "localhost"
        self.port = 0
        self.path = path
    }

    /// Reads `http://host[:port][/path]`, the same with `https://`, or `unix:///socket[:/path]`; a trailing `/v1` and
    /// slash are dropped, as clients' base URLs carry them.
    ///
    /// Throws ``SMMFError`` with the field `endpoints` that says what is wrong with the text.
    public init(_ text: String) throws(SMMFError) {
        func refuse(_ why: String) -> SMMFError {
            SMMFError(
                .invalidRequest,
                "The endpoint \"\(text)\" \(why); write it as http://host:port, https://host:port or unix:///socket.",
                field: "endpoints"
            )
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") }) else {
            throw refuse("has a character that no address can have")
        }
        if text.hasPrefix("unix:") {
            let rest = text.dropFirst(text.hasPrefix("unix://") ? "unix://".count : "unix:".count)
            let socket = rest.prefix { $0 != ":" }
            let path = rest.dropFirst(socket.count + 1)
            guard socket.hasPrefix("/"), !socket.hasSuffix("/") else {
                throw refuse("has no absolute path of a socket")
            }
            guard socket.utf8.count <= Self.socketPathLimit else {
                throw refuse("has a socket's path of more than \(Self.socketPathLimit) bytes")
            }
            guard path.isEmpty || path.hasPrefix("/") else { throw refuse("has a path without a slash in front") }
            self.init(socket: String(socket), path: Self.base(path))
            return
        }
        let isTLS = text.hasPrefix("https://")
        guard isTLS || text.hasPrefix("http://") else { throw refuse("has no http:// in front") }
        let rest = text.dropFirst(isTLS ? "https://".count : "http://".count)
        let authority = rest.prefix { $0 != "/" }
        guard let (host, port) = Self.split(authority, defaultPort: isTLS ? 443 : 80) else {
            throw refuse("has no host or a port outside 1 to 65535")
        }
        self.init(host: host, port: port, path: Self.base(rest.dropFirst(authority.count)), isTLS: isTLS)
    }

    /// A path without the ending that every client appends again.
    private static func base(_ text: Substring) -> String {
        var path = String(text)
        while path.hasSuffix("/") { path.removeLast() }
        if path.hasSuffix("/v1") { path.removeLast(3) }
        return path
    }

    private static func split(_ authority: Substring, defaultPort: Int) -> (String, Int)? {
        var host = authority
        var port = defaultPort
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

    /// Whether connections are encrypted and the instance shows a certificate.
    public var isTLS: Bool { transport == .tls }

    /// `host:port`, with brackets around an IPv6 address, or the path of the Unix socket.
    public var authority: String {
        if case .unix(let socket) = transport { return socket }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// What the Host header carries: the port only where it is not the scheme's own.
    public var hostField: String {
        switch transport {
        case .unix: host
        case .tls where port == 443: host.contains(":") ? "[\(host)]" : host
        case .plain, .tls: authority
        }
    }

    public var description: String {
        switch transport {
        case .plain: "http://\(authority)\(path)"
        case .tls: "https://\(authority)\(path)"
        case .unix(let socket): "unix://\(socket)\(path.isEmpty ? "" : ":")\(path)"
        }
    }
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
