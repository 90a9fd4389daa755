// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Requests to instances that speak other words than the client.
extension ClientConnection {
    /// Takes over the rules of the chosen instance: those of its provider, and a translation where it speaks other words
    /// than the client. Answers and returns false where the request cannot be said in its words.
    func beginTranslation(_ request: RelayRequest, for instance: RouteInstance) -> Bool {
        request.exchange = nil
        request.provider = nil
        request.rewritten = nil
        let operation = loop.settings.operations[request.operation]
        if let access = instance.access {
            guard let provider = loop.settings.providers[access.provider] else {
                return refuse(
                    operation,
                    "The provider \(access.provider) of the model `\(request.model)` is unknown here."
                )
            }
            request.provider = provider
        }
        do throws(TranslationRefusal) {
            // A client that asks for usage shall find it.
            let isElsewhere = request.peek.includesUsage && request.provider?.habits.hasUsageElsewhere == true
            return instance.dialect == operation.dialect && operation.passesBytes && !isElsewhere
                ? try adapt(request, instance, operation) : try translate(request, instance, operation)
        } catch {
            fail(400, ErrorEnvelope(.invalidRequest, error.message, param: error.field, code: "unsupported_value"), [])
            return false
        }
    }

    /// Both sides speak the same words; a provider may still want some of them changed.
    private func adapt(
        _ request: RelayRequest,
        _ instance: RouteInstance,
        _ operation: RelayOperation
    ) throws(TranslationRefusal) -> Bool {
        if request.peek.vectors.isSpecial { request.exchange = VectorExchange(request.peek.vectors) }
        guard let provider = request.provider else { return true }
        let model = instance.servedName ?? request.model
        guard provider.path(of: operation.name, model: model) != nil else { return refuse(operation, of: instance) }
        let bytes = inbound
        request.rewritten = try provider.rewrite(
            bytes.span.extracting(body),
            operation: operation.name,
            model: model
        )
        return true
    }

    private func translate(
        _ request: RelayRequest,
        _ instance: RouteInstance,
        _ operation: RelayOperation
    ) throws(TranslationRefusal) -> Bool {
        let model = instance.servedName ?? request.model
        let key = TranslationTable.Key(operation.name, from: operation.dialect, to: instance.dialect)
        guard let translation = loop.settings.translations.translation(key, to: request.provider?.chat) else {
            return refuse(operation, of: instance)
        }
        if let provider = request.provider, operation.name != TranslationTable.chat,
            provider.path(of: operation.name, model: model) == nil
        {
            return refuse(operation, of: instance)
        }
        let bytes = inbound
        var input = TranslationInput(
            model: model,
            identity: AnswerIdentity(
                // Not the request's name, which may be the client's own: answers are kept under this one.
                id: loop.freshRequestID().text,
                model: request.model,
                created: Int(WallClock.now().milliseconds / 1000),
                owner: self.key?.id.text
            )
        )
        if operation.suffix != nil, let head {
            input.path = bytes.span.text(head.path.range)
            input.query = bytes.span.text(head.query.range)
        }
        if let provider = request.provider { input.readError = { provider.error($0, $1) } }
        request.exchange = try translation.begin(input, bytes.span.extracting(body))
        return true
    }

    private func refuse(_ operation: RelayOperation, of instance: RouteInstance) -> Bool {
        let server = instance.access.map { "the provider \($0.provider)" } ?? "\(instance.id)"
        let what = "which cannot do \(operation.name) for clients of \(operation.dialect)"
        return refuse(operation, "The model `\(request?.model ?? "")` is served by \(server), \(what).")
    }

    private func refuse(_ operation: RelayOperation, _ message: String) -> Bool {
        fail(400, ErrorEnvelope(.invalidRequest, message, param: "model", code: "operation_not_supported"), [])
        return false
    }

    /// Writes the head of a request to a provider that speaks the client's words behind the loop's scratch. Of the
    /// client's fields it gets those that belong to its API.
    func appendHead(
        for provider: any RelayProvider,
        _ request: RelayRequest,
        _ instance: RouteInstance,
        contentLength: Int
    ) {
        let operation = loop.settings.operations[request.operation]
        let model = instance.servedName ?? request.model
        let bytes = inbound
        let path = provider.path(of: operation.name, model: model) ?? ""
        var fields: [UInt8] = []
        for name in provider.passedFields {
            guard let value = parser.fields.value(named: name, in: bytes.span) else { continue }
            fields.append(contentsOf: "\(name): ".utf8)
            fields.append(bytes.span, value)
            fields.append(literal: "\r\n")
        }
        var type: [UInt8]?
        if operation.shape == .form, let place = parser.fields.value(of: .contentType) { type = Array(bytes[place]) }
        appendHead(provider, instance, path, fields, type, contentLength: contentLength)
    }

    private func appendHead(
        _ provider: (any RelayProvider)?,
        _ instance: RouteInstance,
        _ path: String,
        _ fields: [UInt8],
        _ contentType: [UInt8]? = nil,
        contentLength: Int,
        body: [UInt8]? = nil
    ) {
        let call = ProviderCall(
            key: instance.access?.key?.revealed,
            host: instance.endpoint.hostField,
            target: instance.endpoint.path + path,
            body: body,
            time: Int(WallClock.now().milliseconds)
        )
        let lines = provider?.fields(for: call) ?? []
        UpstreamRequestHead(method: .post, target: call.target, authority: call.host, lines: lines)
            .append(
                fields: fields,
                contentType: contentType,
                contentLength: contentLength,
                requestID: requestID,
                to: &loop.scratch
            )
    }

    /// Sends the translated request.
    func send(_ asked: TranslatedRequest, on connection: UpstreamConnection) {
        guard let request, let instance = request.instance else { return }
        let operation = loop.settings.operations[request.operation].name
        // A provider's own path counts where its dialect is one of many providers'.
        let own =
            operation == TranslationTable.chat
            ? nil : request.provider?.path(of: operation, model: instance.servedName ?? request.model)
        appendHead(
            request.provider,
            instance,
            own ?? asked.path,
            asked.fields,
            contentLength: asked.body.count,
            body: asked.body
        )
        connection.begin(for: self, rest: asked.body.span)
    }

    /// A translated answer is the client's from now on; its head stands in the loop's scratch. `length` is that of the whole
    /// answer where it is known.
    func beginTranslated(_ status: Int, _ contentType: String, length: Int?) -> AnswerTransfer {
        phase = .answering
        if request?.isOpened == true {
            if let instance = request?.instance { loop.succeeded(instance) }
            request?.status = status
            return .chunking
        }
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
