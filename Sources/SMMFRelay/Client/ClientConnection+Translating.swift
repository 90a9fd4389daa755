// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Requests to instances that speak other words than the client.
extension ClientConnection {
    /// Finds the translation that the chosen instance needs, and begins it. Answers and returns false where there is none,
    /// or the request cannot be said in the instance's words.
    func beginTranslation(_ request: RelayRequest, for instance: RouteInstance) -> Bool {
        request.exchange = nil
        let operation = loop.settings.operations[request.operation]
        guard instance.dialect != operation.dialect else {
            if request.peek.vectors.isSpecial { request.exchange = VectorExchange(request.peek.vectors) }
            return true
        }
        let key = TranslationTable.Key(operation.name, from: operation.dialect, to: instance.dialect)
        guard let translation = loop.settings.translations[key] else {
            let message =
                "The model `\(request.model)` is served by \(instance.id), which speaks \(instance.dialect) and cannot do "
                + "\(operation.name)."
            let error = ErrorEnvelope(.invalidRequest, message, param: "model", code: "operation_not_supported")
            fail(400, error, [])
            return false
        }
        let bytes = inbound
        do throws(TranslationRefusal) {
            request.exchange = try translation.begin(
                bytes.span.extracting(body),
                model: instance.servedName ?? request.model,
                name: request.model,
                streams: request.peek.streams
            )
            return true
        } catch {
            fail(400, ErrorEnvelope(.invalidRequest, error.message, param: error.field, code: "unsupported_value"), [])
            return false
        }
    }

    /// Sends the translated request.
    func send(_ asked: TranslatedRequest, on connection: UpstreamConnection) {
        let endpoint = connection.pool.endpoint
        UpstreamRequestHead(
            method: .post,
            target: endpoint.path + asked.path,
            authority: endpoint.hostField
        )
        .append(translated: asked, requestID: requestID, to: &loop.scratch)
        connection.begin(for: self, rest: asked.body.span)
    }

    /// A translated answer is the client's from now on; its head stands in the loop's scratch. `length` is that of the whole
    /// answer where it is known.
    func beginTranslated(_ status: Int, _ contentType: String, length: Int?) -> AnswerTransfer {
        phase = .answering
        var framing = length.map { BodyFraming.length($0) } ?? .chunked
        var transfer = length == nil ? AnswerTransfer.chunking : .verbatim
        if length == nil, head?.version == .http10 {
            closesAfterwards = true
            framing = .untilClose
            transfer = .unchunking
        }
        if let instance = request?.instance { loop.succeeded(instance) }
        request?.status = status
        var writer = ClientResponseHead(
            framing: framing,
            connection: connectionField,
            requestID: requestID,
            instance: request?.instance?.id.text,
            rates: rateFields
        )
        writer.lines = crossOrigin
        if connectionField == .close { closesAfterwards = true }
        let extra = length == nil ? [(name: "cache-control", value: "no-cache")] : []
        writer.append(status: status, contentType: contentType, extra: extra, to: &loop.scratch)
        return transfer
    }
}
