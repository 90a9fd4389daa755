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
        request.provider = nil
        request.rewritten = nil
        let operation = loop.settings.operations[request.operation]
        guard instance.dialect != operation.dialect else {
            if request.peek.vectors.isSpecial { request.exchange = VectorExchange(request.peek.vectors) }
            guard let access = instance.access else { return true }
            return follow(access, request, for: instance, operation)
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

    /// Takes over the rules of the provider whose instance was chosen, and says the body in its words. Answers and returns
    /// false where that cannot be.
    private func follow(
        _ access: ProviderAccess,
        _ request: RelayRequest,
        for instance: RouteInstance,
        _ operation: RelayOperation
    ) -> Bool {
        let model = instance.servedName ?? request.model
        guard let provider = loop.settings.providers[access.provider],
            provider.path(of: operation.name, model: model) != nil
        else {
            let message = "The provider \(access.provider) of the model `\(request.model)` has no \(operation.name)."
            let error = ErrorEnvelope(.invalidRequest, message, param: "model", code: "operation_not_supported")
            fail(400, error, [])
            return false
        }
        request.provider = provider
        let bytes = inbound
        do throws(TranslationRefusal) {
            let content = bytes.span.extracting(body)
            request.rewritten = try provider.rewrite(content, operation: operation.name, model: model)
            return true
        } catch {
            fail(400, ErrorEnvelope(.invalidRequest, error.message, param: error.field, code: "unsupported_value"), [])
            return false
        }
    }

    /// Writes the head of a request to a provider behind the loop's scratch.
    func appendHead(
        for provider: any RelayProvider,
        _ request: RelayRequest,
        _ instance: RouteInstance,
        contentLength: Int
    ) {
        let name = loop.settings.operations[request.operation].name
        let path = provider.path(of: name, model: instance.servedName ?? request.model) ?? ""
        UpstreamRequestHead(
            method: .post,
            target: instance.endpoint.path + path,
            authority: instance.endpoint.hostField,
            lines: provider.fields(key: instance.access?.key?.revealed)
        )
        .append(contentLength: contentLength, requestID: requestID, to: &loop.scratch)
    }

    /// Sends the translated request.
    func send(_ asked: TranslatedRequest, on connection: UpstreamConnection) {
        let endpoint = connection.pool.endpoint
        UpstreamRequestHead(
            method: .post,
            target: endpoint.path + asked.path,
            authority: endpoint.hostField
        )
        .append(fields: asked.fields, contentLength: asked.body.count, requestID: requestID, to: &loop.scratch)
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
        let writer = headWriter(framing)
        let extra = length == nil ? [(name: "cache-control", value: "no-cache")] : []
        writer.append(status: status, contentType: contentType, extra: extra, to: &loop.scratch)
        return transfer
    }
}
