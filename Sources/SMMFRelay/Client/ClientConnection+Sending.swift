// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import SMMFRouting
import SMMFWire

/// Sending a request to the instance that was chosen.
extension ClientConnection {
    /// Content up to this long is copied behind its head, which is cheaper than a second call to the system.
    static let copyLimit = 16 * 1024

    func acquire(fresh: Bool) {
        guard let instance = request?.instance else { return }
        phase = .waiting
        wait(for: timeouts.connect)
        let pool = loop.pool(for: instance.endpoint)
        line = pool
        if let connection = pool.acquire(for: self, fresh: fresh) { return send(on: connection) }
        // The connection may be here, and the request on its way, by now.
        if phase == .waiting { request?.waitsSince = .now() }
    }

    /// A connection to the chosen instance is free.
    func send(on connection: UpstreamConnection) {
        guard phase == .waiting, let instance = request?.instance else { return }
        line = nil
        upstream = connection
        phase = .asked
        wait(for: timeouts.firstByte)
        let asksForUsage =
            request?.hidesUsage == true && request?.exchange == nil && loop.reportsUsage(instance)
            && request?.provider?.habits.takesStreamOptions != false
        request?.asksForUsage = asksForUsage
        countSending()
        guard let request else { return }
        if let asked = request.exchange?.request { return send(asked, on: connection) }
        if let rewritten = request.rewritten, let provider = request.provider {
            appendHead(for: provider, request, instance, contentLength: rewritten.count)
            return connection.begin(for: self, rest: rewritten.span)
        }
        let bytes = inbound
        let content = bytes.span.extracting(body)
        var edits: [BodyEdit] = []
        if let name = instance.servedName { edits.append(request.peek.modelEdit(name)) }
        if asksForUsage, let edit = request.peek.usageEdit { edits.append(edit) }
        let length = content.count + edits.reduce(0) { $0 + $1.growth }
        if let provider = request.provider {
            appendHead(for: provider, request, instance, contentLength: length)
        } else {
            connection.pool.head(for: request.operation).append(
                client: parser.fields,
                in: bytes.span,
                contentLength: length,
                requestID: requestID,
                to: &loop.scratch
            )
        }
        var copied = BodyEdit.append(beginningOf: content, with: edits, to: &loop.scratch)
        if content.count - copied <= Self.copyLimit {
            loop.scratch.append(content, copied..<content.count)
            copied = content.count
        }
        connection.begin(for: self, rest: content.extracting(copied..<content.count))
    }

    /// The instance answered that it does not know `stream_options`: it gets the request once more without them, and so
    /// does every later one.
    func upstreamRefusesUsage() {
        upstream = nil
        guard let instance = request?.instance else { return }
        loop.logger.notice(
            "An instance does not take stream_options; its streams are counted by what it says unasked, or by estimates",
            metadata: ["smmf.instance": "\(instance.id)", "smmf.request.id": "\(requestID.text)"]
        )
        loop.withoutUsage.insert(instance.id)
        acquire(fresh: false)
    }
}
