// SPDX-License-Identifier: MIT

/// Where a server listens: a host and port, or a Unix socket.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// `localhost` for a Unix socket.
    public let host: String
    /// 0 lets the system choose.
    public let port: Int
    /// The absolute path of the Unix socket that takes the place of host and port.
    public let socket: String?

    /// Creates an address.
    public init(host: String = "127.0.0.1", port: Int) {
        self.host = host
        self.port = port
        self.socket = nil
    }

    /// Creates the address of a Unix socket.
    public init(socket: String) {
        self.host = "localhost"
        self.port = 0
        self.socket = socket
    }

    /// Reads `host:port`, `[ipv6]:port` or `unix:/path`; throws ``SMMFError`` with the given field.
    public init(_ text: String, field: String) throws(SMMFError) {
        if text.hasPrefix("unix:") {
            self.init(socket: try Self.socketPath(text, field: field))
            return
        }
        let error = SMMFError(
            .configuration,
            "\(field) must be host:port such as 127.0.0.1:8100, but it is \"\(text)\".",
            field: field
        )
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { throw error }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw error }
        self.init(host: String(host), port: port)
    }

    private static func socketPath(_ text: String, field: String) throws(SMMFError) -> String {
        let path = text.dropFirst(text.hasPrefix("unix://") ? "unix://".count : "unix:".count)
        guard path.hasPrefix("/"), !path.hasSuffix("/"), path.utf8.allSatisfy({ $0 != 0 }) else {
            throw SMMFError(
                .configuration,
                "\(field) must be unix: and an absolute path such as unix:/run/smmf.sock, but it is \"\(text)\".",
                field: field
            )
        }
        guard path.utf8.count <= Endpoint.socketPathLimit else {
            throw SMMFError(
                .configuration,
                "\(field) is a path of \(path.utf8.count) bytes; a socket's has \(Endpoint.socketPathLimit) at most.",
                field: field,
                nextStep: "Choose a shorter path, such as unix:/run/smmf.sock."
            )
        }
        return String(path)
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool {
        socket != nil || host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// What a client calls: a URL, or `unix:` and a path. `isTLS` says that the server there speaks TLS.
    public func url(isTLS: Bool = false) -> String {
        socket == nil ? "\(isTLS ? "https" : "http")://\(self)" : description
    }

    /// The address as clients of this machine call it.
    public func endpoint(isTLS: Bool = false) -> Endpoint {
        socket.map { Endpoint(socket: $0) } ?? Endpoint(host: host, port: port, isTLS: isTLS)
    }

    public var description: String {
        if let socket { return "unix:\(socket)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
