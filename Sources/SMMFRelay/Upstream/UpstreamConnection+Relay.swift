// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Relaying, and the ends that an answer can come to.
extension UpstreamConnection {
    /// Sends bytes of the answer on, behind what stands in the loop's scratch.
    func relay(_ bytes: Span<UInt8>) {
        guard let client else { return }
        let loop = pool.loop
        let before = flow.filter?.sent(flow.body) ?? flow.body
        let gathered = loop.scratch.count
        var offset = 0
        let isComplete: Bool
        do throws(BodyError) {
            isComplete =
                transfer == .verbatim
                ? try flow.follow(bytes, from: &offset) : try rewrite(bytes, from: &offset)
        } catch {
            return breakOff("sent an answer with broken framing", before, gathered)
        }
        if isComplete, isCutOff { return breakOff("ended its stream without its end", before, gathered) }
        if transfer != .verbatim {
            client.sendScratch()
        } else if flow.filter == nil {
            client.sendBehindScratch(bytes.extracting(0..<offset))
        } else {
            sendFiltered(bytes, offset, isComplete: isComplete)
        }
        countEvents()
        if isComplete { complete(hasMore: offset < bytes.count) }
    }

    /// Breaks the answer off in front of the read that shows it to be broken. None of its bytes is sent, so the framing stands
    /// where it stood before them, or before the held ones.
    private func breakOff(_ why: String, _ before: BodyScanner, _ gathered: Int) {
        let loop = pool.loop
        flow.body = before
        flow.filter = nil
        loop.scratch.removeSubrange(gathered...)
        if gathered > 0 { client?.sendScratch() }
        breakOff(why)
    }

    /// Gathers the content of a read in the transfer that is not verbatim. Returns whether the answer is complete.
    private func rewrite(_ bytes: Span<UInt8>, from offset: inout Int) throws(BodyError) -> Bool {
        while true {
            switch try flow.body.next(bytes, from: &offset) {
            case .content(let range):
                flow.scanner.feed(bytes, range)
                gather(bytes, range)
            case .needMore: return false
            case .end: return true
            }
        }
    }

    /// Gathers what may pass of a piece of content, in the transfer that is not verbatim.
    func gather(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        if flow.filter == nil { gatherContent(bytes, range) } else { gatherFiltered(bytes, range) }
    }

    /// Gathers a piece of content in the loop's scratch, in the framing of the transfer that is not verbatim.
    func gatherContent(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let loop = pool.loop
        if transfer == .chunking {
            loop.scratch.append(hexadecimal: range.count)
            loop.scratch.append(literal: "\r\n")
        }
        loop.scratch.append(bytes, range)
        if transfer == .chunking { loop.scratch.append(literal: "\r\n") }
    }

    /// The whole answer is relayed. `hasMore` says that bytes follow it, which nobody asked for.
    func complete(hasMore: Bool) {
        flow.scanner.finish()
        let report = AnswerReport(flow.scanner)
        if flow.filter != nil { finishFilter() }
        end(report, hasMore: hasMore)
    }

    /// All of the answer stands in the loop's scratch or was sent.
    func end(_ report: AnswerReport, hasMore: Bool) {
        guard let client else { return }
        if transfer == .chunking { pool.loop.scratch.append(literal: "0\r\n\r\n") }
        if !pool.loop.scratch.isEmpty { client.sendScratch() }
        self.client = nil
        phase = .head
        isUsed = true
        resume()
        if head?.keepsAlive == true, !hasMore, isOpen { pool.release(self) } else { close() }
        client.answerEnded(report)
    }

    /// The connection closed, by whomever.
    func connectionEnded() {
        guard let client else { return }
        switch phase {
        case .head:
            self.client = nil
            if isUsed && !hasAnswered { client.upstreamWasStale() } else { client.attemptFailed(.closed) }
        case .undecided:
            guard endsProperly else {
                self.client = nil
                return client.attemptFailed(.closed)
            }
            decideAtEnd()
            if self.client != nil, phase == .relaying { connectionEnded() }
        case .translating:
            if endsProperly { return endTranslation() }
            if isCommitted { return breakOff("broke off its answer") }
            self.client = nil
            client.attemptFailed(.closed)
        case .relaying:
            if endsProperly, !lacksItsEnd() {
                complete(hasMore: false)
            } else {
                breakOff("broke off its answer")
            }
        }
    }

    /// Whether the answer may end where its connection did.
    private var endsProperly: Bool { flow.body.isDone || flow.body.endsWithConnection && !isTruncated }

    /// A stream that is framed by its connection alone is whole only when it says so itself.
    private func lacksItsEnd() -> Bool {
        guard head?.content == .eventStream, !flow.scanner.isDone else { return false }
        return flow.scanner.readTail().finishReason == nil
    }

    /// Whether a provider's answer of tokens was cut off further up: its framing ends properly, as something stands in front
    /// of those who work, and it says neither that it is over nor what went wrong.
    var isCutOff: Bool {
        guard !flow.scanner.isDone, let request = client?.request, request.provider != nil, head?.status ?? 0 < 400,
            !flow.scanner.hasError, pool.loop.settings.operations[request.operation].generates
        else { return false }
        return lacksItsEnd()
    }

    /// The answer broke off after a part of it was sent: the client is told inside the stream where that is possible.
    func breakOff(_ why: String) {
        guard let client else { return }
        if phase == .translating, let exchange = client.request?.exchange {
            return breakOffTranslation(why, exchange, client)
        }
        let sent: BodyScanner =
            switch transfer {
            case .verbatim: flow.filter?.sent(flow.body) ?? flow.body
            case .chunking: BodyScanner(.chunked)
            case .unchunking: BodyScanner(.untilClose)
            }
        let isStream = head?.content == .eventStream
        let report = AnswerReport(flow.scanner)
        abandon()
        client.answerBroke(why, report, behind: isStream ? sent : nil)
    }
}
