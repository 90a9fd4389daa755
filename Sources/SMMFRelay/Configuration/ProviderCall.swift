// SPDX-License-Identifier: MIT

/// A request for which a provider writes its field lines: what a signature may be made of.
public struct ProviderCall: Sendable {
    public var key: String?
    /// The value of `Host`.
    public var host: String
    /// Path and query as the request line has them.
    public var target: String
    /// Nil where the client's bytes are sent on as they are, which no provider that signs bodies is sent.
    public var body: [UInt8]?
    /// Milliseconds since 1970.
    public var time: Int

    /// Creates a call.
    public init(key: String?, host: String, target: String, body: [UInt8]? = nil, time: Int) {
        self.key = key
        self.host = host
        self.target = target
        self.body = body
        self.time = time
    }
}
