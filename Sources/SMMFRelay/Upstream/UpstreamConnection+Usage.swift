// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// What concerns the tokens of an answer: hiding the usage that the client did not ask for, and counting events.
extension UpstreamConnection {
    /// The filter that the answer needs, or nil when all of it passes.
    func makeUsageFilter(_ head: ResponseHead) -> UsageEventFilter? {
        guard client?.request?.hidesUsage == true, head.content == .eventStream, head.status < 400 else { return nil }
        guard transfer == .verbatim else { return UsageEventFilter(.cut) }
        switch head.framing {
        case .chunked: return UsageEventFilter(.chunk)
        case .length: return UsageEventFilter(.comment)
        case .none, .untilClose: return UsageEventFilter(.cut)
        }
    }

    /// Puts the beginning of a filtered answer into the loop's scratch, from the framing's first byte to where the scanner
    /// stands. Returns what is left to send behind it.
    func filterBeginning(_ bytes: Span<UInt8>, _ framing: BodyFraming, isComplete: Bool) -> Range<Int> {
        var repeated = BodyScanner(framing)
        var offset = 0
        while case .content(let range)? = try? repeated.next(bytes, from: &offset) {
            flow.filter?.feed(bytes, range, repeated)
        }
        if isComplete { flow.filter?.finish(bytes) }
        return takeLead(flow.filter?.pass(bytes, bytes.count, repeated) ?? 0..<bytes.count)
    }

    /// Sends what the filter lets pass of a read, of which the scanner has seen `count` bytes.
    func sendFiltered(_ bytes: Span<UInt8>, _ count: Int, isComplete: Bool) {
        if isComplete { flow.filter?.finish(bytes) }
        let body = flow.body
        let range = takeLead(flow.filter?.pass(bytes, count, body) ?? 0..<count)
        client?.sendBehindScratch(bytes.extracting(range))
    }

    /// Gathers what the filter lets pass of a piece of content, in the transfer that is not verbatim.
    func gatherFiltered(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let piece = bytes.extracting(range)
        let body = flow.body
        flow.filter?.feed(piece, 0..<piece.count, body)
        let passing = flow.filter?.pass(piece, piece.count, body) ?? 0..<piece.count
        gatherLead()
        if !passing.isEmpty { gatherContent(piece, passing) }
    }

    /// The answer ended with its connection: nothing more decides about bytes that are held.
    func finishFilter() {
        flow.filter?.finish(Span())
        if transfer == .verbatim { _ = takeLead(0..<0) } else { gatherLead() }
        flow.filter = nil
    }

    /// Moves the filter's lead behind the scratch.
    private func takeLead(_ range: Range<Int>) -> Range<Int> {
        if let lead = flow.filter?.lead, !lead.isEmpty { pool.loop.scratch.append(contentsOf: lead) }
        flow.filter?.clearLead()
        return range
    }

    private func gatherLead() {
        guard let lead = flow.filter?.lead, !lead.isEmpty else { return }
        gatherContent(lead.span, 0..<lead.count)
        flow.filter?.clearLead()
    }

    // MARK: Counting

    /// What was seen of the answer so far; nil while there is none.
    var report: AnswerReport? {
        switch phase {
        case .head: nil
        case .undecided, .relaying: AnswerReport(flow.scanner)
        case .translating: client?.request?.exchange?.report
        }
    }

    /// Counts the events that came with this read.
    func countEvents() {
        guard head?.content == .eventStream, let client else { return }
        let new = flow.scanner.events - countedEvents
        guard new > 0 else { return }
        if countedEvents > 0 { client.count(events: new, after: arrival - lastEvents) }
        countedEvents = flow.scanner.events
        lastEvents = arrival
        if !hasSpoken, flow.scanner.hasSpoken {
            hasSpoken = true
            client.countFirstToken(arrival)
        }
    }

    // MARK: Instances that do not take the question

    /// Whether the answer may be an error about `stream_options`, which the client did not send.
    func mayRefuseUsage(_ head: ResponseHead) -> Bool {
        UsageRefusal.isPossible(head.status) && client?.request?.asksForUsage == true
    }

    /// Looks at an error once all of it is here. Returns false when it is for the client.
    func decideOnRefusal(_ bytes: Span<UInt8>, isComplete: Bool) -> Bool {
        let length = head?.length ?? 0
        guard isComplete || bytes.count - length > UsageRefusal.limit else { return true }
        isRefusal = false
        guard UsageRefusal.isNamed(in: bytes.extracting(min(length, bytes.count)..<bytes.count)), let client else {
            return false
        }
        self.client = nil
        phase = .head
        isUsed = true
        dropHeld()
        let isReusable = isComplete && head?.keepsAlive == true && flow.body.isDone && scanned == bytes.count && isOpen
        if isReusable { pool.release(self) } else { close() }
        client.upstreamRefusesUsage()
        return true
    }
}
