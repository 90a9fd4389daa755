// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Relaying, and the ends that an answer can come to.
extension UpstreamConnection {
    /// Sends bytes of the answer on.
    func relay(_ bytes: ByteBuffer) {
        guard let client else { return }
        let before = body
        var offset = 0
        var isComplete = false
        do throws(BodyError) {
            scanning: while true {
                switch try body.next(bytes.readableBytesUInt8Span, from: &offset) {
                case .content(let range):
                    scanner.feed(bytes.readableBytesUInt8Span, range)
                    if transfer != .verbatim { writeContent(bytes, range) }
                case .needMore: break scanning
                case .end:
                    isComplete = true
                    break scanning
                }
            }
        } catch {
            // None of these bytes is sent in verbatim transfer, so the framing stands where it stood before them.
            body = before
            return breakOff("sent an answer with broken framing")
        }
        if transfer == .verbatim {
            if offset == bytes.readableBytes {
                client.write(bytes)
            } else if let part = bytes.getSlice(at: bytes.readerIndex, length: offset) {
                client.write(part)
            }
        }
        if isComplete { complete(hasMore: offset < bytes.readableBytes) }
    }

    /// Writes a piece of content in the transfer that is not verbatim.
    func writeContent(_ bytes: ByteBuffer, _ range: Range<Int>) {
        guard let client, let piece = bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count)
        else { return }
        guard transfer == .chunking else { return client.write(piece) }
        client.write(size: range.count)
        client.write(piece)
        client.write(literal: "\r\n")
    }

    /// The whole answer is relayed. `hasMore` says that bytes follow it, which nobody asked for.
    func complete(hasMore: Bool) {
        guard let client else { return }
        scanner.finish()
        let tail = scanner.readTail()
        let hasError = scanner.hasError
        if transfer == .chunking { client.write(literal: "0\r\n\r\n") }
        self.client = nil
        phase = .head
        isUsed = true
        resume()
        if head?.keepsAlive == true, !hasMore, isOpen { pool.release(self) } else { close() }
        client.answerEnded(tail, hasError: hasError)
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
            scanner.finish()
            decideOnVerdict(isComplete: false)
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
            case .verbatim: body
            case .chunking: BodyScanner(.chunked)
            case .unchunking: BodyScanner(.untilClose)
            }
        let isStream = head?.content == .eventStream
        abandon()
        client.answerBroke(why, behind: isStream ? sent : nil)
    }
}
