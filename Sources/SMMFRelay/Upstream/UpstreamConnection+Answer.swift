// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// From the first byte of an answer to the moment it is the client's.
extension UpstreamConnection {
    /// Reads on; `bytes` are all that have come since the request was sent.
    func readAnswer(_ bytes: Span<UInt8>) {
        if phase == .head { readHead(bytes) }
        if phase == .undecided { decide(bytes.extracting(skipped..<bytes.count)) }
    }

    private func readHead(_ bytes: Span<UInt8>) {
        do throws(HeadError) {
            while phase == .head, client != nil {
                let answer = bytes.extracting(skipped..<bytes.count)
                guard let read = try parser.parse(answer, answersHead: false) else { return }
                if read.isInterim {
                    // Nothing that we send asks for one, and a client that waits for 100 has had it from us.
                    guard read.status != 101 else { return fail(.badAnswer("it switches protocols unasked")) }
                    interims += 1
                    guard interims <= Self.interimLimit else {
                        return fail(.badAnswer("it sends interim answers without end"))
                    }
                    skipped += read.length
                    parser.reset()
                } else {
                    accept(read, answer)
                }
            }
        } catch { fail(.badAnswer(error.message)) }
    }

    private func accept(_ read: ResponseHead, _ bytes: Span<UInt8>) {
        // Nobody asked for it, and it may unpack to anything.
        if read.content == .coded, read.status < 400 { return fail(.badAnswer("its content is compressed unasked")) }
        if let exchange = client?.request?.exchange {
            dropHeld()
            return beginTranslation(exchange, read, bytes)
        }
        if read.status >= 400, let client, let request = client.request, let provider = request.provider,
            !mayRefuseUsage(read)
        {
            let exchange = ProviderErrorExchange(provider, write: client.errorWriter)
            request.exchange = exchange
            dropHeld()
            return beginTranslation(exchange, read, bytes)
        }
        if AttemptFailure.isRetryable(read.status) {
            let after = parser.fields.value(of: .retryAfter).map { bytes.text($0) }
            return fail(.status(read.status, retryAfter: after))
        }
        head = read
        scanned = read.length
        // An error status needs no second look, and an answer without a body cannot hide anything.
        let isPlain = read.status >= 400 || read.framing == .none
        flow.begin(
            read.framing,
            isPlain ? .opaque : read.content,
            sniffsCodes: client?.request?.provider?.habits.hidesErrorsByCode ?? false
        )
        isRefusal = mayRefuseUsage(read)
        phase = .undecided
    }

    /// Looks at the content that has come, and commits or fails as soon as it is clear what it is.
    private func decide(_ bytes: Span<UInt8>) {
        let isComplete: Bool
        do throws(BodyError) {
            isComplete =
                isRefusal || isUnfit
                ? try flow.follow(bytes, from: &scanned) : try flow.followToVerdict(bytes, from: &scanned)
        } catch { return fail(.badAnswer(error.message)) }
        if isComplete { flow.scanner.finish() }
        decideOnVerdict(bytes, isComplete: isComplete)
    }

    private func decideOnVerdict(_ bytes: Span<UInt8>, isComplete: Bool) {
        if isRefusal, decideOnRefusal(bytes, isComplete: isComplete) { return }
        if isUnfit { return decideOnUnfit(bytes, isComplete: isComplete) }
        switch flow.scanner.verdict {
        case .undecided: if bytes.count > Self.heldLimit { commit(bytes, isComplete: isComplete) }
        case .answer where isComplete && isCutOff: fail(.badAnswer("its stream ends without its end"))
        case .answer: commit(bytes, isComplete: isComplete)
        case .error: failInside(bytes)
        case .empty: fail(.empty)
        }
    }

    /// The connection's end is the answer's end, and nothing was sent on yet.
    func decideAtEnd() {
        flow.scanner.finish()
        let all = held
        if isRefusal, decideOnRefusal(all.span.extracting(skipped..<all.count), isComplete: true) { return }
        if isUnfit { return decideOnUnfit(all.span.extracting(skipped..<all.count), isComplete: true) }
        decideOnVerdict(all.span.extracting(skipped..<all.count), isComplete: false)
    }

    /// Whether the answer cannot stand where it would have to.
    private var isUnfit: Bool {
        guard isBehindComments, let head else { return false }
        return head.status >= 400 || head.content != .eventStream || head.framing == .none
    }

    /// Tells an answer that cannot stand behind comments, once there is enough of it.
    private func decideOnUnfit(_ bytes: Span<UInt8>, isComplete: Bool) {
        guard isComplete || bytes.count > Self.heldLimit, let client, let head else { return }
        let text = beginning(of: bytes)
        abandon()
        client.upstreamIsUnfit(head.status, text)
    }

    /// An error hides behind a good status. A provider's is read for what it means.
    private func failInside(_ bytes: Span<UInt8>) {
        guard let client, let provider = client.request?.provider else {
            return fail(.errorInside(beginning(of: bytes)))
        }
        let text = beginning(of: bytes)
        let document = text.firstIndex(of: "{").map { Array(text[$0...].utf8) } ?? Array(text.utf8)
        let error = provider.error(AnswerHead(status: 200), document)
        guard error.isForClient else { return fail(.told(TranslationFailure(error))) }
        abandon()
        client.refused(error)
    }

    /// The beginning of the content, for a person.
    private func beginning(of bytes: Span<UInt8>) -> String {
        let start = min(head?.length ?? 0, bytes.count)
        return bytes.text(start..<min(start + 2_000, bytes.count))
    }

    /// From here on the answer is the client's, and no other instance can take over.
    private func commit(_ bytes: Span<UInt8>, isComplete: Bool) {
        guard let client, let head else { return }
        transfer = client.beginAnswer(head, parser.fields, in: bytes)
        phase = .relaying
        dropHeld()
        flow.filter = makeUsageFilter(head)
        switch transfer {
        case .verbatim:
            var content = bytes.extracting(head.length..<scanned)
            if flow.filter != nil {
                content = content.extracting(filterBeginning(content, head.framing, isComplete: isComplete))
            }
            client.sendHead(followedBy: content, isLast: isComplete, arrival: arrival)
        case .chunking, .unchunking:
            var repeated = BodyScanner(head.framing)
            var offset = head.length
            while offset < scanned, case .content(let range)? = try? repeated.next(bytes, from: &offset) {
                gather(bytes, range)
            }
            client.sendHead(followedBy: bytes.extracting(0..<0), isLast: isComplete, arrival: arrival)
        }
        guard isComplete else { return relay(bytes.extracting(scanned..<bytes.count)) }
        countEvents()
        complete(hasMore: scanned < bytes.count)
    }

    func dropHeld() {
        if held.capacity <= ClientConnection.keptCapacity { held.removeAll(keepingCapacity: true) } else { held = [] }
    }

    /// Nothing was sent to the client: another instance may answer.
    func fail(_ failure: AttemptFailure) {
        let client = self.client
        abandon()
        client?.attemptFailed(failure)
    }
}
