// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Answers that the relay gives by itself.
extension ClientConnection {
    /// Answers a request that needed no model, and goes on to the next one.
    func answer(_ response: LocalResponse) {
        guard phase != .closed else { return }
        let isOwn = phase == .local || response.status < 400
        write(response)
        log(isOwn ? .local : .rejected, status: response.status)
        finishRequest()
    }

    /// Writes a whole answer.
    func write(_ response: LocalResponse) {
        // A body that was not read leaves the place of the next request unknown.
        if phase == .body || phase == .head, head?.framing != BodyFraming.none { closesAfterwards = true }
        let isBare = response.status == 204 || response.status == 304
        var writer = ClientResponseHead(
            framing: isBare ? .none : .length(response.body.count),
            connection: connectionField,
            requestID: requestID,
            rates: rateFields
        )
        writer.lines = crossOrigin
        writer.append(
            status: response.status,
            contentType: response.contentType,
            extra: response.fields,
            to: &loop.scratch
        )
        if head?.method != .head, !isBare { loop.scratch.append(contentsOf: response.body) }
        sendScratch()
    }

    /// Answers with an error, and counts it as one of a request that reached no model.
    func refuse(_ status: Int, _ error: ErrorEnvelope, fields: [(name: String, value: String)] = []) {
        loop.metrics.refused[status, default: 0] += 1
        answer(response(status, error, fields))
    }

    /// An error in the words of the client's dialect.
    func response(
        _ status: Int,
        _ error: ErrorEnvelope,
        _ fields: [(name: String, value: String)] = []
    ) -> LocalResponse {
        guard case .operation(let index)? = target,
            let write = loop.settings.translations.errorWriter(loop.settings.operations[index].dialect)
        else { return LocalResponse(status: status, error: error, fields: fields) }
        return LocalResponse(status: status, body: write(NeutralError(own: error, status: status)), fields: fields)
    }

    /// What an answer says about the connection.
    var connectionField: ClientResponseHead.Connection {
        if closesAfterwards || loop.isDraining { return .close }
        return head?.version == .http10 ? .keepAlive : .implied
    }

    func answerOtherMethod(_ read: RequestHead, allowed: String) {
        if read.method == .options {
            notePreflight(allowed)
            return answer(LocalResponse(status: 204, body: [], fields: [("allow", allowed)]))
        }
        let error = ErrorEnvelope(
            .invalidRequest,
            "This path does not take the method \(read.method.name); it takes \(allowed).",
            code: "method_not_allowed"
        )
        refuse(405, error, fields: [("allow", allowed)])
    }

    func answerUnknownPath(_ read: RequestHead, _ text: String) {
        // An OPTIONS request for `*` asks about the server as a whole.
        if read.method == .options, read.path.isEmpty { return answer(LocalResponse(status: 204, body: [])) }
        refuse(404, ErrorEnvelope(.invalidRequest, "Unknown path: \(text)", code: "unknown_url"))
    }

    func refuseBody(_ limit: Int) {
        closesAfterwards = true
        let error = ErrorEnvelope(
            .invalidRequest,
            "The body is longer than \(limit) bytes.",
            code: "request_too_large"
        )
        refuse(413, error)
    }

    /// Runs a local route in a task; its answer comes back to the loop once.
    func runLocal(_ index: Int) {
        guard let head else { return }
        phase = .local
        deadline = .distantFuture
        loop.metrics.local += 1
        let bytes = inbound
        let asked = LocalRequest(
            path: bytes.span.text(head.path.range),
            query: bytes.span.text(head.query.range),
            body: Array(bytes[body]),
            requestID: requestID.text,
            key: key
        )
        let route = loop.settings.localRoutes[index]
        let driver = loop.driver
        let connection = OnLoop(self)
        Task {
            let response = await route.answer(asked)
            driver.execute {
                if connection.value.phase == .local { connection.value.answer(response) }
            }
        }
    }
}
