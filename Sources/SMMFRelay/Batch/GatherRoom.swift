// SPDX-License-Identifier: MIT

import SMMFRouting
import SMMFWire

/// Where small embedding requests of one loop wait while their model is busy, to be sent together.
///
/// Nobody waits for company: a request goes at once while fewer than the model's width are on their way. What comes while
/// that many are is put together when one of them ends, so that a busy engine is asked less often and for more.
final class GatherRoom {
    /// The most inputs that are put together, and the most bytes of them.
    static let inputLimit = 64
    static let byteLimit = 256 * 1024

    private struct Waiter {
        let client: ClientConnection
        let frame: BatchGather.Frame
        let list: InputList
    }

    private struct Model {
        var running = 0
        var waiting: [Waiter] = []
    }

    private unowned let loop: RelayLoop
    private var models: [String: Model] = [:]

    init(_ loop: RelayLoop) { self.loop = loop }

    /// Whether the request may go by itself now; otherwise it waits here.
    func admit(_ client: ClientConnection, _ request: RelayRequest, width: Int) -> Bool {
        let running = models[request.model]?.running ?? 0
        guard running >= width else {
            begin(request)
            return true
        }
        let content = client.inbound
        let body = content.span.extracting(client.body)
        guard body.count <= Self.byteLimit, let list = InputList(body, at: request.peek.input),
            list.items.count < Self.inputLimit
        else {
            begin(request)
            return true
        }
        let frame = BatchGather.Frame(body, list)
        models[request.model, default: Model()].waiting.append(Waiter(client: client, frame: frame, list: list))
        return false
    }

    private func begin(_ request: RelayRequest) {
        request.isInGatherRoom = true
        models[request.model, default: Model()].running += 1
    }

    /// A request that went by itself has ended.
    func ended(_ request: RelayRequest) {
        request.isInGatherRoom = false
        ended(request.model)
    }

    /// The client does not wait any more.
    func forget(_ client: ClientConnection, _ model: String) {
        models[model]?.waiting.removeAll { $0.client === client }
    }

    /// One of a model's requests has ended, so what waits longest goes, with all that goes with it.
    func ended(_ model: String) {
        guard var state = models[model] else { return }
        state.running -= 1
        var members: [Waiter] = []
        var inputs = 0
        var bytes = 0
        if let frame = state.waiting.first?.frame {
            let limit = min(Self.inputLimit, loop.table.entry(for: model)?.batchLimit ?? Self.inputLimit)
            var others: [Waiter] = []
            for waiter in state.waiting {
                let fits =
                    inputs + waiter.list.items.count <= limit && bytes + waiter.list.place.count <= Self.byteLimit
                guard members.isEmpty || waiter.frame == frame && fits else {
                    others.append(waiter)
                    continue
                }
                members.append(waiter)
                inputs += waiter.list.items.count
                bytes += waiter.list.place.count
            }
            state.waiting = others
        }
        models[model] = state.running == 0 && state.waiting.isEmpty && members.isEmpty ? nil : state
        guard let first = members.first else { return }
        guard members.count > 1 else { return goAlone(first.client) }
        models[model]?.running += 1
        var gather = BatchGather(first.frame)
        for member in members {
            let content = member.client.inbound
            gather.add(content.span.extracting(member.client.body), member.list)
        }
        GatherExchange(loop, model, gather, members.map(\.client)).start()
    }

    /// Sends a request that waited, or was to be sent with others, by itself.
    func goAlone(_ client: ClientConnection) {
        guard client.phase == .gathered, let request = client.request else { return }
        client.gather = nil
        begin(request)
        client.proceedAlone()
    }
}
