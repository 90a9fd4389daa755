// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Relaying, and the ends that an answer can come to.
extension UpstreamConnection {
    /// Sends bytes of the answer on.
    func relay(_ bytes: Span<UInt8>) {
        guard let client else { return }
        let before = usageFilter?.sent(body) ?? body
        var offset = 0
        var isComplete = false
        do throws(BodyError) {
            scanning: while true {
                switch try body.next(bytes, from: &offset) {
                case .content(let range):
                    scanner.feed(bytes, range)
                    if transfer != .verbatim {
                        gather(bytes, range)
                    } else if usageFilter != nil {
                        usageFilter?.feed(bytes, range, body)
                    }
                case .needMore: break scanning
                case .end:
                    isComplete = true
                    break scanning
                }
            }
        } catch {
            // None of these bytes is sent, so the framing stands where it stood before them, or before the held ones.
            body = before
            usageFilter = nil
            pool.loop.scratch.removeAll(keepingCapacity: true)
            return breakOff("sent an answer with broken framing")
        }
        if transfer != .verbatim {
            client.sendScratch()
        } else if usageFilter == nil {
            client.send(bytes.extracting(0..<offset))
        } else {
            sendFiltered(bytes, offset, isComplete: isComplete)
        }
        countEvents()
        if isComplete { complete(hasMore: offset < bytes.count) }
    }

    /// Gathers what may pass of a piece of content, in the transfer that is not verbatim.
    func gather(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        if usageFilter == nil { gatherContent(bytes, range) } else { gatherFiltered(bytes, range) }
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
        guard let client else { return }
        scanner.finish()
        let report = AnswerReport(scanner)
        if usageFilter != nil { finishFilter() }
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
            guard body.endsWithConnection else {
                self.client = nil
                return client.attemptFailed(.closed)
            }
            decideAtEnd()
            if self.client != nil, phase == .relaying { connectionEnded() }
        case .relaying:
            if body.endsWithConnection, !lacksItsEnd() {
                complete(hasMore: false)
            } else {
                breakOff("broke off its answer")
            }
        }
    }

    /// A stream that is framed by its connection alone is whole only when it says so itself.
    private func lacksItsEnd() -> Bool {
        guard head?.content == .eventStream, !scanner.isDone else { return false }
        return scanner.readTail().finishReason == nil
    }

    /// The answer broke off after a part of it was sent: the client is told inside the stream where that is possible.
    func breakOff(_ why: String) {
        guard let client else { return }
        let sent: BodyScanner =
            switch transfer {
            case .verbatim: usageFilter?.sent(body) ?? body
            case .chunking: BodyScanner(.chunked)
            case .unchunking: BodyScanner(.untilClose)
            }
        let isStream = head?.content == .eventStream
        let report = AnswerReport(scanner)
        abandon()
        client.answerBroke(why, report, behind: isStream ? sent : nil)
    }
}
