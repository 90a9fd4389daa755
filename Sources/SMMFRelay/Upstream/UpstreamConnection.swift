// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// One connection to an instance: sends a request, holds the answer back until its first event is known to be one, then
/// relays bytes as they come. Kept and used again for request after request.
final class UpstreamConnection: LinkOwner {
    enum Phase {
        /// Waiting for the head of an answer, or for a request.
        case head
        /// The head is here and its content is looked at; nothing has been sent to the client.
        case undecided
        case relaying
        /// The content is translated; `isCommitted` tells whether the client gets it.
        case translating
    }

    /// So many interim answers are passed over; none was asked for.
    static let interimLimit = 8
    /// So many bytes of an answer without an event are held back; what is longer goes to the client as it is.
    static let heldLimit = 256 * 1024

    let pool: UpstreamPool
    private var link: (any Link)?
    /// Whose request is on its way; nil while idle.
    var client: ClientConnection?
    /// Counts the requests that were sent on this connection.
    private var requests = 0
    var phase = Phase.head
    var parser = ResponseHeadParser()
    var head: ResponseHead?
    var flow = AnswerFlow()
    /// The answer's bytes while nothing is sent on, when they came in more than one piece.
    var held: [UInt8] = []
    /// How many bytes of interim heads stand in front of the answer's own.
    var skipped = 0
    /// How many bytes of the answer the body's scanner has seen, the head included.
    var scanned = 0
    var transfer = AnswerTransfer.verbatim
    /// What a translation has put out and the client was not sent yet.
    var translated: [UInt8] = []
    /// Bytes of content that a translation was given.
    var translatedContent = 0
    /// Whether a translated answer is the client's.
    var isCommitted = false
    /// Whether the answer is an error that may be about a member that we added; it is held until that is clear.
    var isRefusal = false
    /// Whether the client has got comments already, behind which only a stream can stand.
    var isBehindComments = false
    /// When the bytes at hand were read.
    var arrival = NIODeadline.uptimeNanoseconds(0)
    /// When the last events came, and how many there were by then.
    var lastEvents = NIODeadline.uptimeNanoseconds(0)
    var countedEvents = 0
    var hasSpoken = false
    /// Whether a request was answered on this connection before, so that it may have been closed meanwhile.
    var isUsed = false
    var hasAnswered = false
    /// Interim answers to the current request so far.
    var interims = 0
    var idleSince = NIODeadline.now()
    /// Whether the pool counts it as open.
    var isCounted = false
    private(set) var isPaused = false
    /// Whether the connection's end was cut off, so that it is nobody's proper end.
    private(set) var isTruncated = false

    init(_ pool: UpstreamPool) { self.pool = pool }

    var isOpen: Bool { link != nil }

    /// Sends the request that stands in the loop's scratch, and `rest` behind it.
    func begin(for client: ClientConnection, rest: Span<UInt8>) {
        let loop = pool.loop
        guard let link else {
            loop.scratch.removeAll(keepingCapacity: true)
            client.upstreamWasStale()
            return
        }
        self.client = client
        requests &+= 1
        phase = .head
        parser.reset()
        head = nil
        skipped = 0
        scanned = 0
        hasAnswered = false
        interims = 0
        isRefusal = false
        isBehindComments = client.request?.isOpened == true
        isCommitted = false
        translatedContent = 0
        dropTranslated()
        transfer = .verbatim
        flow.filter = nil
        countedEvents = 0
        hasSpoken = false
        loop.scratch.withUnsafeBufferPointer { link.send($0.span) }
        loop.scratch.removeAll(keepingCapacity: true)
        link.send(rest)
        link.flush()
    }

    /// The client has gone or has given up: closing the connection stops the instance's work.
    func abandon() {
        client = nil
        close()
    }

    func close() { link?.close() }

    /// The client's socket takes bytes again.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        link?.setReading(true)
    }

    // MARK: What the link tells

    func opened(_ link: any Link) {
        self.link = link
        pool.connected(self)
    }

    func failedToOpen(_ why: String) { pool.connectFailed(why) }

    func received(_ bytes: Span<UInt8>) {
        guard let client else {
            // An answer without a question: whatever it belongs to, this connection is out of step.
            close()
            return
        }
        hasAnswered = true
        arrival = client.upstreamMoved()
        if phase == .relaying { return relay(bytes) }
        if phase == .translating { return translate(bytes) }
        guard held.isEmpty else {
            held.append(bytes, 0..<bytes.count)
            let all = held
            return readAnswer(all.span)
        }
        let asked = requests
        readAnswer(bytes)
        // An answer that was complete may have made way for the next request already.
        if requests == asked, self.client != nil, phase == .head || phase == .undecided {
            held.append(bytes, 0..<bytes.count)
        }
    }

    func receivedAll() {
        guard let client, phase == .relaying || isCommitted else { return }
        client.link?.flush()
        if client.link?.isWritable == false {
            isPaused = true
            link?.setReading(false)
            client.readsTooSlowly()
        }
    }

    func drained() {}

    func truncated() { isTruncated = true }

    func closed() {
        link = nil
        if isCounted {
            isCounted = false
            pool.closed(self)
        }
        connectionEnded()
    }
}
