// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// What the instance's connection tells while it answers.
extension ClientConnection {
    /// Bytes came from the instance; returns when.
    func upstreamMoved() -> NIODeadline {
        let now = loop.driver.now
        deadline = min(now + TimeAmount(timeouts.idle), finalDeadline)
        return now
    }

    /// The client's socket is full; the clock now runs for the client.
    func readsTooSlowly() { wait(for: timeouts.slowReader) }

    /// The answer is the client's from now on. Leaves its head in the loop's scratch, for `writeHead`.
    func beginAnswer(_ answer: ResponseHead, _ fields: FieldList, in bytes: Span<UInt8>) -> AnswerTransfer {
        phase = .answering
        if request?.isOpened == true {
            if let instance = request?.instance { loop.succeeded(instance) }
            request?.status = answer.status
            return Self.transfer(behindComments: answer.framing)
        }
        let isOld = head?.version == .http10
        var framing = answer.framing
        var transfer = AnswerTransfer.verbatim
        switch framing {
        case .untilClose:
            if isOld { closesAfterwards = true } else { transfer = .chunking }
            framing = isOld ? .untilClose : .chunked
        case .chunked where isOld:
            closesAfterwards = true
            transfer = .unchunking
            framing = .untilClose
        case .none, .length, .chunked: break
        }
        if let instance = request?.instance { loop.succeeded(instance) }
        request?.status = answer.status
        headWriter(framing).append(upstream: answer, fields: fields, in: bytes, to: &loop.scratch)
        return transfer
    }

    /// What writes the head of an instance's answer, with our own fields.
    func headWriter(_ framing: BodyFraming) -> ClientResponseHead {
        var writer = ClientResponseHead(
            framing: framing,
            connection: connectionField,
            requestID: requestID,
            instance: request?.instance?.id.text,
            rates: rateFields
        )
        writer.lines = crossOrigin
        if connectionField == .close { closesAfterwards = true }
        return writer
    }

    /// Puts the first content behind the head that `beginAnswer` made; they are sent with what follows in the same read,
    /// or at once when the answer ends here.
    func sendHead(followedBy content: Span<UInt8>, isLast: Bool, arrival: NIODeadline) {
        countFirstByte(arrival: arrival)
        dropRequest()
        if isLast || content.count > Self.copyLimit { return sendBehindScratch(content) }
        loop.scratch.append(content, 0..<content.count)
    }

    /// The whole answer is written.
    func answerEnded(_ report: AnswerReport) {
        upstream = nil
        let status = request?.status ?? 0
        let usage = settle(report, isComplete: !report.hasError)
        count(report.hasError ? .broken : status >= 400 ? .refused(status: status) : .completed, usage)
        finishRequest()
    }

    /// The answer broke off. `sent` has followed what the client got of a stream, and is nil for anything else.
    func answerBroke(_ why: String, _ report: AnswerReport?, behind sent: BodyScanner?) {
        upstream = nil
        if let sent {
            let instance = request?.instance?.id.text ?? ""
            let error = ErrorEnvelope(.server, "The instance \(instance) \(why).", code: "upstream_broken")
            // OpenAI's events have no names; Anthropic's clients look at nothing else.
            let name = request.flatMap { loop.settings.operations[$0.operation].dialect == .openAI ? nil : "error" }
            let document = response(502, error).body
            if BrokenStreamEpilogue.append(behind: sent, document, named: name, to: &loop.scratch) { sendScratch() }
        }
        loop.logger.warning(
            "An instance broke off an answer",
            metadata: [
                "smmf.instance": "\(request?.instance?.id.text ?? "")", "smmf.request.id": "\(requestID.text)",
                "smmf.failure": "\(why)",
            ]
        )
        if let instance = request?.instance { loop.failed(instance) }
        count(.broken, settle(report, isComplete: false))
        closeGently()
    }

    // MARK: Time

    /// The sweep found the deadline passed.
    func timeOut() {
        deadline = .distantFuture
        if finalDeadline <= .now(), endOverdue() { return }
        switch phase {
        case .head where !hasBegunHead: cut()
        case .head, .body:
            closesAfterwards = true
            refuse(408, ErrorEnvelope(.invalidRequest, "The request did not arrive in time.", code: "request_timeout"))
        case .held:
            if giveSign() { return }
            loop.letGo(self)
            holdEnded()
        case .waiting:
            line?.forget(self)
            attemptFailed(.noConnection)
        case .gathered:
            leaveGathering()
            failUpstream(.timedOut, "The request was not answered within \(timeouts.firstByte).")
        case .asked:
            upstream?.fail(.timedOut)
        case .answering:
            // A client that does not read is cut off; an instance that does not write ends in an error event.
            if upstream?.isPaused == true { cut() } else { upstream?.breakOff("stopped in the middle of its answer") }
        case .closing: cut()
        case .local, .gathering, .closed: break
        }
    }
}
