// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Embedding and rerank requests with more inputs than their instances take.
extension ClientConnection {
    /// Begins the request in parts where its model's instances take fewer inputs than it has.
    func beginBatch(_ entry: RouteEntry, _ request: RelayRequest) -> Bool {
        guard inner == nil, let limit = entry.batchLimit else { return false }
        let operation = loop.settings.operations[request.operation]
        // Only OpenAI's answers to embeddings are put together again.
        guard operation.shape == .documents || operation.shape == .input && operation.dialect == .openAI else {
            return false
        }
        let content = Array(inbound[body])
        guard let list = InputList(content.span, at: request.peek.input), let split = BatchSplit(list, limit: limit)
        else { return false }
        phase = .gathering
        deadline = finalDeadline
        let batch = BatchExchange(
            self,
            split,
            body: content,
            path: operation.path,
            top: request.peek.top
        )
        self.batch = batch
        dropRequest()
        // What was read is let go, and its copy lives as long as the parts.
        _ = takeRoom(content.count)
        batch.advance()
        return true
    }

    /// All parts are answered and put together.
    func batchEnded(_ merged: [UInt8]) {
        guard phase == .gathering else { return }
        batch = nil
        var scanner = ResponseScanner(.json)
        scanner.feed(merged.span, 0..<merged.count)
        scanner.finish()
        request?.status = 200
        write(LocalResponse(body: merged))
        count(.completed, settle(AnswerReport(scanner), isComplete: true))
        finishRequest()
    }

    /// The answers to the parts take more room than there is.
    func batchHasNoRoom() {
        batch = nil
        failWithoutRoom()
    }

    /// A part was refused or broke off; the client gets that part's answer.
    func batchFailed(_ answer: InnerAnswer?) {
        guard phase == .gathering else { return }
        batch = nil
        guard let answer, answer.status != 200 else {
            let message = "A part of the request was not answered as the operation asks."
            return fail(502, ErrorEnvelope(.server, message, code: "upstream_failed"), [])
        }
        let fields = answer.retryAfter.map { [(name: "retry-after", value: $0)] } ?? []
        request?.status = answer.status
        write(
            LocalResponse(status: answer.status, contentType: answer.contentType, body: answer.body, fields: fields)
        )
        count(answer.status >= 500 ? .failed(status: answer.status) : .refused(status: answer.status))
        finishRequest()
    }

    func batchIsTooLong(_ limit: Int) {
        batch = nil
        let message = "The answer is longer than \(limit) bytes; send fewer inputs in one request."
        fail(502, ErrorEnvelope(.server, message, code: "answer_too_large"), [])
    }
}
