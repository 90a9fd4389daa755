// SPDX-License-Identifier: MIT

import NIOCore

/// One connection of the load: sends a request, follows its answer and tells its loop.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let loop: LoadLoop
    private(set) var context: ChannelHandlerContext?
    private var reader = AnswerReader()
    /// When the current request was due.
    private var due = 0
    /// When the last event of the answer came; 0 before the first one.
    private var lastEvent = 0
    /// Whether the current request belongs to the measurement.
    private(set) var isMeasured = false
    private(set) var isBusy = false
    /// When the current request has taken too long.
    private(set) var deadline = Int.max
    /// The place in the loop's list.
    var place = 0

    init(_ loop: LoadLoop) { self.loop = loop }

    /// Sends a request that was due at `due`.
    func send(_ request: ByteBuffer, due: Int, now: Int, isMeasured: Bool) {
        guard let context else { return }
        self.due = due
        self.isMeasured = isMeasured
        lastEvent = 0
        isBusy = true
        deadline = now &+ loop.timeout
        reader.begin(expectsStream: loop.isStream)
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func close() { context?.close(promise: nil) }

    /// Gives the request up for its deadline.
    func timeOut() {
        fail(.timeout)
        close()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard isBusy else { return close() }
        let now = LoadLoop.now()
        let isFirst = !reader.hasBegun
        let before = isFirst ? 0 : reader.events
        do throws(LoadFailure) {
            try reader.feed(bytes.readableBytesUInt8Span)
            if loop.isStream { note(events: reader.events - before, now) } else if isFirst { noteFirst(now) }
            if reader.isComplete { try finish(now) }
        } catch {
            fail(error)
            close()
        }
    }

    private func note(events count: Int, _ now: Int) {
        guard count > 0 else { return }
        if lastEvent == 0 { noteFirst(now) }
        loop.noteEvents(count, gap: lastEvent == 0 ? nil : now - lastEvent)
        lastEvent = now
    }

    private func noteFirst(_ now: Int) {
        if isMeasured { loop.tally.firstToken.record(now - due) }
    }

    private func finish(_ now: Int) throws(LoadFailure) {
        let keepsAlive = reader.keepsAlive
        do throws(LoadFailure) {
            let tokens = try reader.finish()
            if isMeasured { loop.tally.total.record(now - due) }
            end(nil, tokens: tokens ?? 0)
        } catch {
            guard keepsAlive else { throw error }
            fail(error)
        }
        if keepsAlive { loop.isFree(self, now) } else { close() }
    }

    private func fail(_ failure: LoadFailure) { end(failure, tokens: 0) }

    private func end(_ failure: LoadFailure?, tokens: Int) {
        guard isBusy else { return }
        isBusy = false
        deadline = Int.max
        loop.ended(self, failure, tokens: tokens, sample: reader.sample)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if isBusy {
            do throws(LoadFailure) {
                try reader.connectionEnded()
                try finish(LoadLoop.now())
            } catch { fail(error) }
        }
        loop.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
