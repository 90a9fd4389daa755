// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRouting
import SMMFWire

/// One client's connection: reads requests one after the other, has each answered here or by an instance, and writes
/// the answers in order.
final class ClientConnection: LinkOwner {
    enum Phase {
        /// Between requests, or in the middle of a head.
        case head
        case body
        /// A local route is working on the answer.
        case local
        /// The parts of a batch are on their way.
        case gathering
        /// In line to be sent together with others, or sent so.
        case gathered
        /// The model is on its way.
        case held
        /// In line for a connection to the chosen instance.
        case waiting
        /// The instance has the request.
        case asked
        /// The client gets an instance's answer.
        case answering
        /// The last answer is written; what still comes is thrown away.
        case closing
        case closed
    }

    /// Bytes of further requests that are read while one is being answered.
    static let pipelineLimit = 64 * 1024
    /// So much memory is kept between requests; a request that took more gives it back.
    static let keptCapacity = 4096
    /// How long a client may take to close after the last answer.
    static let lingerTime = TimeAmount.seconds(2)

    let loop: RelayLoop
    /// Whether it is one stream of an HTTP/2 connection, which carries a single request.
    let isStream: Bool
    /// The standing of a request that the relay makes to itself: the key of the client's that it belongs to, if there is
    /// one, which was asked for its limits already. Nil for clients.
    let inner: InnerStanding?
    /// The index in the loop's list.
    var place = -1
    var link: (any Link)?
    var phase = Phase.head
    var deadline = NIODeadline.distantFuture
    /// What no progress moves the deadline beyond.
    var finalDeadline = NIODeadline.distantFuture
    /// Bytes that were read and not used up, beginning with the current request's head; behind it its body, whose chunks
    /// are joined as they come.
    var inbound: [UInt8] = []
    var parser: RequestHeadParser
    var head: RequestHead?
    var hasBegunHead = false
    var target: PathTable.Target?
    var requestID: RequestID
    var chunks = BodyScanner(.none)
    /// How many bytes at the front of `inbound` are the current request, as far as it was read.
    var requestLength = 0
    /// Room that is taken for a large body.
    var reservedBody = 0
    var request: RelayRequest?
    var slot: LoadSlot?
    /// The current request's key; nil where none is asked for.
    var key: KeyEntry?
    var keyMemory = KeyMemory()
    var ticket: KeyTicket?
    var upstream: UpstreamConnection?
    var batch: BatchExchange?
    var gather: GatherExchange?
    /// Where the request is in line for a connection.
    var line: UpstreamPool?
    /// Whether the connection closes behind the current answer.
    var closesAfterwards = false
    var isAdvancing = false
    /// Field lines of the current answer for the browser that asks, when web pages may call.
    var crossOrigin: [UInt8] = []
    /// When the current request's head was read, where the access log needs it.
    var begunAt: NIODeadline?
    /// Bytes that the client was sent since the last request's answer.
    var bytesSent = 0
    /// Where the client is, for the access log.
    private(set) var clientAddress = ""
    private var isReading = true

    init(_ loop: RelayLoop, isStream: Bool = false, inner: InnerStanding? = nil) {
        self.loop = loop
        self.isStream = isStream
        self.inner = inner
        parser = RequestHeadParser(limits: loop.settings.configuration.headLimits)
        requestID = loop.freshRequestID()
    }

    var timeouts: RelayTimeouts { loop.settings.timeouts }

    func wait(for duration: Duration) { deadline = min(loop.driver.now + TimeAmount(duration), finalDeadline) }

    /// Whether the next request waits until the client has taken the answers that it has.
    var waitsForReader: Bool { phase == .head && link?.isWritable == false }

    /// Where the current request's body stands in `inbound`.
    var body: Range<Int> {
        let start = min(head?.length ?? 0, requestLength)
        return start..<requestLength
    }

    // MARK: What the link tells

    func opened(_ link: any Link) {
        guard inner != nil || (isStream ? loop.hasRoomForStream : loop.hasRoom) else {
            loop.metrics.connectionsRefused += 1
            phase = .closed
            return link.close()
        }
        self.link = link
        if loop.accessLog != nil { clientAddress = link.peerAddress ?? "" }
        loop.add(self)
        wait(for: timeouts.keepAlive)
        if loop.isDraining, inner == nil { cut() }
    }

    func failedToOpen(_ why: String) {}

    func received(_ bytes: Span<UInt8>) {
        guard phase != .closing, phase != .closed else { return }
        loop.metrics.bytesFromClients += bytes.count
        inbound.append(bytes, 0..<bytes.count)
        advance()
        let isFull =
            waitsForReader
            || phase != .head && phase != .body && inbound.count - requestLength > Self.pipelineLimit
        if isFull, isReading {
            isReading = false
            link?.setReading(false)
        }
    }

    func receivedAll() {}

    func drained() {
        if phase == .closing { deadline = loop.driver.now + Self.lingerTime }
        if phase == .head {
            advance()
            if !waitsForReader { resumeReading() }
        }
        guard phase == .answering, let upstream else { return }
        wait(for: timeouts.idle)
        upstream.resume()
    }

    func closed() {
        link = nil
        let last = phase
        leaveGathering()
        phase = .closed
        loop.remove(self)
        releaseBody()
        if last == .held { loop.letGo(self) }
        line?.forget(self)
        line = nil
        let usage = settleCancelled(in: last)
        let upstream = self.upstream
        self.upstream = nil
        upstream?.abandon()
        batch?.cancel()
        batch = nil
        count(.cancelled, usage)
    }

    // MARK: Writing

    func send(_ bytes: Span<UInt8>) {
        loop.metrics.bytesToClients += bytes.count
        bytesSent += bytes.count
        link?.send(bytes)
    }

    /// Sends what stands in the loop's scratch and empties it.
    func sendScratch() {
        loop.scratch.withUnsafeBufferPointer { send($0.span) }
        loop.scratch.removeAll(keepingCapacity: true)
    }

    /// Sends what stands in the loop's scratch and `bytes` behind it, in one call unless they are many.
    func sendBehindScratch(_ bytes: Span<UInt8>) {
        if !loop.scratch.isEmpty {
            let isCopied = bytes.count <= Self.copyLimit
            if isCopied { loop.scratch.append(bytes, 0..<bytes.count) }
            sendScratch()
            if isCopied { return }
        }
        if !bytes.isEmpty { send(bytes) }
    }

    /// Goes on reading, where a full pipeline had stopped it.
    func resumeReading() {
        guard !isReading else { return }
        isReading = true
        link?.setReading(true)
    }

    // MARK: Closing

    /// Closes behind the last answer: first our half, once the client has taken all of it, then the rest.
    func closeGently() {
        guard phase != .closed else { return }
        phase = .closing
        inbound = []
        releaseBody()
        finalDeadline = .distantFuture
        wait(for: timeouts.slowReader)
        link?.closeOutput()
        resumeReading()
    }

    /// Closes now.
    func cut() { link?.close() }

    /// Closes when no request is being read or answered.
    func closeIfIdle() {
        if phase == .head, !hasBegunHead { cut() }
    }
}
