// SPDX-License-Identifier: MIT

import SMMFRouting
import SMMFWire

/// A request with more inputs than an instance takes, on its way in parts.
final class BatchExchange {
    /// So many parts are on their way at once; a policy spreads them over the instances.
    static let width = 8

    private unowned let client: ClientConnection
    private let split: BatchSplit
    private let body: [UInt8]
    private let path: String
    private let top: Int?
    private var nextPart = 0
    private var answers: [[UInt8]]
    private var missing: Int
    private var gathered = 0
    private var links: [Int: InnerLink] = [:]

    init(_ client: ClientConnection, _ split: BatchSplit, body: [UInt8], path: String, top: Int?) {
        self.client = client
        self.split = split
        self.body = body
        self.path = path
        self.top = top
        answers = Array(repeating: [], count: split.parts)
        missing = split.parts
    }

    /// Sends as many parts as may be on their way.
    func advance() {
        while nextPart < split.parts, links.count < Self.width {
            let part = nextPart
            nextPart += 1
            let limit = client.loop.settings.configuration.translationLimit
            let link = InnerLink(client.loop, standing: InnerStanding(key: client.key), limit: limit) { [self] in
                ended(part, $0)
            }
            links[part] = link
            var asked: [UInt8] = []
            let whole = body
            split.append(part: part, of: whole.span, to: &asked)
            link.ask(path: path, body: asked, requestID: client.requestID)
        }
    }

    /// The client has gone, or one part has failed: the others are not needed.
    func cancel() {
        nextPart = split.parts
        let open = links.values
        links = [:]
        for link in open { link.cancel() }
    }

    private func ended(_ part: Int, _ answer: InnerAnswer?) {
        guard links.removeValue(forKey: part) != nil else { return }
        let limit = client.loop.settings.configuration.translationLimit
        guard let answer, answer.status == 200 else {
            cancel()
            return client.batchFailed(answer)
        }
        answers[part] = answer.body
        gathered += answer.body.count
        missing -= 1
        guard gathered <= limit else {
            cancel()
            return client.batchIsTooLong(limit)
        }
        guard client.takeRoom(body.count + gathered) else {
            cancel()
            return client.batchHasNoRoom()
        }
        guard missing == 0 else { return advance() }
        let parts = answers.enumerated().map { BatchMerge.Part(body: $1, offset: split.offset(of: $0)) }
        guard let merged = try? BatchMerge.merge(parts, top: top) else { return client.batchFailed(nil) }
        client.batchEnded(merged)
    }
}
