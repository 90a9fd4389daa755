// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// From the first byte of an answer to the moment it is the client's.
extension UpstreamConnection {
    /// Reads on in the held bytes.
    func readAnswer() {
        if phase == .head { readHead() }
        if phase == .undecided { decide() }
    }

    private func readHead() {
        do throws(HeadError) {
            while phase == .head {
                guard let read = try parser.parse(held.readableBytesUInt8Span, answersHead: false) else { return }
                if read.isInterim {
                    // Nothing that we send asks for one, and a client that waits for 100 has had it from us.
                    guard read.status != 101 else { return fail(.badAnswer("it switches protocols unasked")) }
                    held.moveReaderIndex(forwardBy: read.length)
                    parser.reset()
                } else {
                    accept(read)
                }
            }
        } catch { fail(.badAnswer(error.message)) }
    }

    private func accept(_ read: ResponseHead) {
        if AttemptFailure.isRetryable(read.status) {
            let held = held
            let after = parser.fields.value(of: .retryAfter).map { held.readableBytesUInt8Span.text($0) }
            return fail(.status(read.status, retryAfter: after))
        }
        head = read
        body = BodyScanner(read.framing)
        scanned = read.length
        // An error status needs no second look, and an answer without a body cannot hide anything.
        let isPlain = read.status >= 400 || read.framing == .none
        scanner.reset(isPlain ? .opaque : read.content)
        phase = .undecided
    }

    /// Looks at the content that has come, and commits or fails as soon as it is clear what it is.
    private func decide() {
        let held = held
        let bytes = held.readableBytesUInt8Span
        var isComplete = false
        do throws(BodyError) {
            scanning: while true {
                switch try body.next(bytes, from: &scanned) {
                case .content(let range): scanner.feed(bytes, range)
                case .needMore: break scanning
                case .end:
                    isComplete = true
                    break scanning
                }
            }
        } catch { return fail(.badAnswer(error.message)) }
        if isComplete { scanner.finish() }
        decideOnVerdict(isComplete: isComplete)
    }

    func decideOnVerdict(isComplete: Bool) {
        switch scanner.verdict {
        case .undecided: if held.readableBytes > Self.heldLimit { commit(isComplete: isComplete) }
        case .answer: commit(isComplete: isComplete)
        case .error: fail(.errorInside(heldText()))
        case .empty: fail(.empty)
        }
    }

    /// The beginning of the held content, for a person.
    private func heldText() -> String {
        let held = held
        let start = min(head?.length ?? 0, held.readableBytes)
        let end = min(start + 300, held.readableBytes)
        return held.readableBytesUInt8Span.text(start..<end)
    }

    /// From here on the answer is the client's, and no other instance can take over.
    private func commit(isComplete: Bool) {
        guard let client, let head else { return }
        let bytes = held
        transfer = client.beginAnswer(head, parser.fields, in: bytes.readableBytesUInt8Span)
        phase = .relaying
        held = ByteBuffer()
        let content = bytes.readerIndex + head.length
        switch transfer {
        case .verbatim:
            client.writeHead(followedBy: bytes.getSlice(at: content, length: scanned - head.length))
        case .chunking, .unchunking:
            client.writeHead(followedBy: nil)
            var repeated = BodyScanner(head.framing)
            var offset = head.length
            while case .content(let range)? = try? repeated.next(bytes.readableBytesUInt8Span, from: &offset) {
                writeContent(bytes, range)
            }
        }
        if isComplete { complete(hasMore: scanned < bytes.readableBytes) }
    }

    /// Nothing was sent to the client: another instance may answer.
    func fail(_ failure: AttemptFailure) {
        let client = self.client
        abandon()
        client?.attemptFailed(failure)
    }
}
