// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Several clients' embedding requests on their way as one.
final class GatherExchange {
    private let loop: RelayLoop
    private let model: String
    private let gather: BatchGather
    /// The clients in the order of their inputs; those that have left are nil.
    private var clients: [ClientConnection?]
    private var link: InnerLink?

    init(_ loop: RelayLoop, _ model: String, _ gather: BatchGather, _ clients: [ClientConnection]) {
        self.loop = loop
        self.model = model
        self.gather = gather
        self.clients = clients
    }

    func start() {
        guard let first = clients.first.flatMap({ $0 }), let request = first.request else { return }
        let now = NIODeadline.now()
        for client in clients {
            client?.gather = self
            client?.request?.sentAt = now
            client?.request?.attempts = 1
        }
        let limit = loop.settings.configuration.translationLimit
        // Each client has passed its own key's limits.
        let link = InnerLink(loop, standing: InnerStanding(key: nil), limit: limit) { [self] in ended($0) }
        self.link = link
        link.ask(
            path: loop.settings.operations[request.operation].path,
            body: gather.body,
            requestID: first.requestID
        )
    }

    /// A client has gone; the engine is let go when it was the last.
    func forget(_ client: ClientConnection) {
        for index in clients.indices where clients[index] === client { clients[index] = nil }
        guard clients.allSatisfy({ $0 == nil }), let link else { return }
        self.link = nil
        link.cancel()
        loop.gathering.ended(model)
    }

    private func ended(_ answer: InnerAnswer?) {
        guard link != nil else { return }
        link = nil
        if let answer, answer.status == 200 {
            let whole = answer.body
            if let answers = try? gather.answers(from: whole.span) {
                for (client, body) in zip(clients, answers) { client?.gatherEnded(body, answer.instance) }
                return loop.gathering.ended(model)
            }
        }
        // What one of them did wrong must not fail the others.
        for client in clients { if let client { loop.gathering.goAlone(client) } }
        loop.gathering.ended(model)
    }
}
