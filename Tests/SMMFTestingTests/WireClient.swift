// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix

/// A client that sends text and shows the bytes that come, read by read, and how the connection ends.
///
/// It knows nothing of HTTP, so that what a test expects is what stands on the wire.
final class WireClient: Sendable {
    enum Event: Sendable, Equatable {
        case bytes([UInt8])
        case end(Ending)
    }

    enum Ending: Sendable, Equatable { case fin, reset }

    /// All that came until the connection ended.
    struct Transcript {
        var reads: [[UInt8]] = []
        var ending: Ending?

        var bytes: [UInt8] { Array(reads.joined()) }
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private let channel: any Channel
    private let events: AsyncStream<Event>

    private init(channel: any Channel, events: AsyncStream<Event>) {
        self.channel = channel
        self.events = events
    }

    static func connect(to port: Int) async throws -> WireClient {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(65_536))
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Listener(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return WireClient(channel: channel, events: events)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Reads until the bytes so far satisfy `isEnough`, or the connection ends.
    func read(until isEnough: (String) -> Bool) async -> Transcript {
        var transcript = Transcript()
        for await event in events {
            switch event {
            case .bytes(let bytes): transcript.reads.append(bytes)
            case .end(let ending):
                transcript.ending = ending
                return transcript
            }
            if isEnough(transcript.text) { break }
        }
        return transcript
    }

    /// Reads until the connection ends; long answers are not looked at in between.
    func readToEnd() async -> Transcript {
        var transcript = Transcript()
        for await event in events {
            switch event {
            case .bytes(let bytes): transcript.reads.append(bytes)
            case .end(let ending): transcript.ending = ending
            }
        }
        return transcript
    }

    func close() async {
        try? await channel.close().get()
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<Event>.Continuation
        private var ending = Ending.fin

        init(_ continuation: AsyncStream<Event>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(.bytes(Array(unwrapInboundIn(data).readableBytesView)))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            ending = .reset
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.yield(.end(ending))
            continuation.finish()
        }
    }
}
