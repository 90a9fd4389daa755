// SPDX-License-Identifier: MIT

import NIOCore
import Synchronization

/// Collects what a channel receives; both ends of the tests' loopback sockets use it.
final class ByteChannel: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Grows by one element with each event; the newest one is enough to know that something happened.
    private let events = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        state.withLock { $0.bytes += buffer.readableBytesView }
        events.continuation.yield()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.withLock { $0.isClosed = true }
        events.continuation.yield()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Takes a part of the bytes as soon as `take` finds it at their front; `take` returns the value and how many bytes
    /// it used. It is told whether the peer has closed.
    func next<Value: Sendable>(
        _ what: String,
        _ take: @escaping @Sendable ([UInt8], _ isClosed: Bool) throws -> (Value, Int)?
    ) async throws -> Value {
        try await within(what) { [self] in
            var iterator = events.stream.makeAsyncIterator()
            while true {
                let found = try state.withLock { state -> Value? in
                    guard let (value, used) = try take(state.bytes, state.isClosed) else { return nil }
                    state.bytes.removeFirst(used)
                    return value
                }
                if let found { return found }
                await iterator.next()
                try Task.checkCancellation()
            }
        }
    }
}

/// Raised when something did not come in time.
struct TooLate: Error, CustomStringConvertible {
    let what: String

    var description: String { "waited in vain for \(what)" }
}

/// Runs `work`, and fails when it takes longer than any working machine needs.
func within<Value: Sendable>(_ what: String, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value
{
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await ContinuousClock().sleep(for: .seconds(30))
            throw TooLate(what: what)
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw TooLate(what: what) }
        return value
    }
}
