// SPDX-License-Identifier: MIT

public import SMMFCore
public import SMMFWire

/// What the relay needs to know to listen, and every bound it keeps.
public struct RelayConfiguration: Sendable, Hashable {
    public var host: String
    /// 0 takes a free one.
    public var port: Int
    /// A Unix socket's path, which takes the place of host and port.
    public var socket: String?
    /// The listener speaks TLS with this certificate; plain HTTP when nil.
    public var tls: ListenerTLS?
    public var upstreamTLS = UpstreamTLS()
    /// Event loops, each with its own listener; the cores that this process may use when nil.
    public var loops: Int?
    public var transport = RelayTransport.automatic
    public var headLimits = HeadLimits()
    /// Bytes of a request's body.
    public var bodyLimit = 32 * 1024 * 1024
    /// Bytes of large request bodies that are held at once in all; one more is answered with 503. What a connection holds
    /// besides is bounded for each: ``ClientConnection/freeBody``, the pipeline, and `writeHighWater` with one read.
    public var bodyMemory = 1024 * 1024 * 1024
    /// Bytes of an instance's answer that a translation has to have before the client gets any of it.
    public var translationLimit = 64 * 1024 * 1024
    /// Levels of nesting in a request's JSON.
    public var depthLimit = 128
    public var timeouts = RelayTimeouts()
    /// Client connections in all; one more is answered with 503 and closed.
    public var maxConnections = 20_000
    /// Requests to models in flight in all; one more is answered with 503.
    public var maxInFlight = 16_384
    /// Requests held for models on their way, in all.
    public var maxHeld = 1_024
    /// Connections to one instance from each loop.
    public var maxUpstreamConnections = 8_192
    /// Connections being opened at once by each loop.
    public var maxConnecting = 128
    /// Requests of one HTTP/2 connection at once; a client is told so, and a further one is refused.
    public var maxStreams = 256
    /// Requests that one HTTP/2 connection may reset within 30 s before it is closed, as answering costs more than
    /// resetting.
    public var maxStreamResets = 1_000
    /// Bytes written to a client and not taken yet, above which its upstream is no longer read.
    public var writeHighWater = 64 * 1024

    /// Origins of web pages that may call from a browser, as ``CrossOriginPolicy`` takes them; none by default.
    public var corsOrigins: [String] = []

    /// Creates a configuration with default limits.
    public init(host: String = "127.0.0.1", port: Int = 8100) {
        self.host = host
        self.port = port
    }
}
