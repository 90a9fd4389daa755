// SPDX-License-Identifier: MIT

/// How long the relay waits for whom. A sweep over the connections enforces them, so they are kept to about a quarter
/// of a second.
public struct RelayTimeouts: Sendable, Hashable {
    /// To open a connection to an instance, or to get one when all are busy.
    public var connect: Duration = .seconds(5)
    /// From sending a request to the first byte of its answer; without streaming that is the whole generation.
    public var firstByte: Duration = .seconds(600)
    /// Between two pieces of an answer.
    public var idle: Duration = .seconds(120)
    /// From the whole request read to the last byte of its answer, whatever moves meanwhile.
    public var total: Duration = .seconds(3600)
    /// For a client to send a whole request head, from its first byte.
    public var requestHead: Duration = .seconds(15)
    /// Between two pieces of a request body.
    public var requestBody: Duration = .seconds(30)
    /// For a client to send a whole body, from the end of its head; one that trickles is cut off by it.
    public var wholeBody: Duration = .seconds(300)
    /// For a client to take what was written to it.
    public var slowReader: Duration = .seconds(60)
    /// A client's connection without a request.
    public var keepAlive: Duration = .seconds(75)
    /// An instance's connection without a request.
    public var upstreamKeepAlive: Duration = .seconds(60)
    /// A request for a model that is on its way.
    public var hold: Duration = .seconds(30)
    /// A request for a model that is loaded on demand: large ones take minutes.
    public var load: Duration = .seconds(300)
    /// Between the signs of life that a client gets who waits for a stream of a model on its way; also before the first.
    public var holdSign: Duration = .seconds(5)
    /// A request that found its instances dead, for the routing table to say what became of them.
    public var afterFailure: Duration = .seconds(1)

    /// Creates the defaults.
    public init() {}
}
