// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Signs of life for clients that wait for a stream while its model is on its way, so that neither they nor what stands
/// between take the connection for dead: the head of the stream, and comments, which no reader of events shows to anybody
/// (WHATWG HTML, server-sent events). No content is sent, so every instance may still answer; but the status is 200 from then
/// on, and what goes wrong is told by an error event without a clean end.
extension ClientConnection {
    /// The most bytes of a comment.
    private static let signLimit = 200

    /// Plans the next sign of a request that is held, where its client can read one.
    func planSign(_ request: RelayRequest) {
        let operation = loop.settings.operations[request.operation]
        guard request.peek.streams, operation.generates, operation.dialect == .openAI, inner == nil,
            head?.version != .http10
        else { return }
        let next = request.nextSign ?? loop.driver.now + TimeAmount(timeouts.holdSign)
        request.nextSign = next
        deadline = min(request.holdLimit, next)
    }

    /// Gives the sign that is due; false where the time to hold the request is over, or it gets none.
    func giveSign() -> Bool {
        let now = loop.driver.now
        guard let request, request.nextSign != nil, now < request.holdLimit, now < finalDeadline else { return false }
        // One that does not read what it has needs no more.
        if link?.isWritable != false {
            if !request.isOpened { openStream(request) }
            var comment = Array(": ".utf8)
            comment += request.holdReason.utf8.prefix(Self.signLimit).map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }
            comment += "\n\n".utf8
            BrokenStreamEpilogue.appendChunk(comment, to: &loop.scratch)
            sendScratch()
            link?.flush()
        }
        request.nextSign = now + TimeAmount(timeouts.holdSign)
        planSign(request)
        return true
    }

    private func openStream(_ request: RelayRequest) {
        request.isOpened = true
        headWriter(.chunked).append(
            status: 200,
            contentType: "text/event-stream",
            extra: [(name: "cache-control", value: "no-cache")],
            to: &loop.scratch
        )
    }

    /// How the content of an answer goes on behind comments, whose body is framed by chunks.
    static func transfer(behindComments framing: BodyFraming) -> AnswerTransfer {
        framing == .chunked ? .verbatim : .chunking
    }

    /// Tells an error behind comments, and ends without an end.
    func failOpened(_ error: ErrorEnvelope) {
        if BrokenStreamEpilogue.append(behind: BodyScanner(.chunked), error, to: &loop.scratch) { sendScratch() }
        closeGently()
    }

    /// The instance answered with something that cannot follow comments: an error, or no stream.
    func upstreamIsUnfit(_ status: Int, _ text: String) {
        upstream = nil
        let name = request?.instance?.id.text ?? ""
        let what = status >= 400 ? "refused the request with status \(status): \(text)" : "answered without a stream."
        let kind: ErrorEnvelope.Kind =
            status == 429 ? .rateLimit : (400..<500).contains(status) ? .invalidRequest : .server
        if status < 500, let instance = request?.instance { loop.succeeded(instance) }
        fail(max(status, 400), ErrorEnvelope(kind, "The instance \(name) \(what)", code: "upstream_failed"), [])
    }
}
