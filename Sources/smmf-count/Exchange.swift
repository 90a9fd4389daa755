// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting
import SMMFWire

/// One client connection and one connection to an instance, with all that the data plane does between them but the system
/// calls: parsing, routing, scanning, writing heads. What a connection keeps between requests is kept here too.
struct Exchange {
    private var requests = RequestHeadParser()
    private var responses = ResponseHeadParser()
    private var scanner = ResponseScanner()
    private var output: [UInt8] = []
    private var candidates: [RoutingCandidate] = []
    private let table: RoutingTable
    private let upstream: UpstreamRequestHead
    /// Makes sure that nothing is left out as unused.
    private(set) var checksum = 0

    init() throws {
        let name = try ModelName("qwen3-8b")
        let instances = (0..<4).map { index in
            RouteInstance(
                id: InstanceID("worker-1/qwen3-8b/\(index)"),
                endpoint: Endpoint(host: "127.0.0.1", port: 9000 + index),
                load: InstanceLoad()
            )
        }
        let group = RouteGroup(model: name, policy: LeastLoadPolicy(), instances: instances)
        table = RoutingTable([RouteEntry(name: name, kind: .language, groups: [group], otherwise: .serving)])
        upstream = UpstreamRequestHead(method: .post, target: "/v1/chat/completions", authority: "127.0.0.1:9000")
        output.reserveCapacity(8_192)
    }

    /// Serves one request with one answer, which comes in pieces.
    mutating func run(_ request: [UInt8], _ answer: [[UInt8]]) throws {
        requests.reset()
        guard let head = try requests.parse(request.span) else { return }
        let id = RequestID(7, UInt64(bitPattern: Int64(checksum)))
        let body = request.span.extracting(head.length..<request.count)
        let peek = try RequestPeek(body, shape: .messages, depthLimit: 128)
        let slot = choose(peek.model.decoded(in: body))
        output.removeAll(keepingCapacity: true)
        upstream.append(
            client: requests.fields,
            in: request.span,
            contentLength: body.count,
            requestID: id,
            to: &output
        )
        output.append(body, 0..<body.count)
        checksum &+= output.count
        var framing = BodyScanner(.none)
        for (index, piece) in answer.enumerated() {
            if index == 0 {
                framing = try begin(piece, id)
            } else {
                try relay(piece, &framing)
            }
        }
        finish()
        _ = consume slot
    }

    /// The first piece of an answer holds its head.
    private mutating func begin(_ piece: [UInt8], _ id: RequestID) throws -> BodyScanner {
        responses.reset()
        guard let head = try responses.parse(piece.span, answersHead: false) else { return BodyScanner(.none) }
        scanner.reset(head.content)
        var framing = BodyScanner(head.framing)
        var offset = head.length
        while case .content(let range) = try framing.next(piece.span, from: &offset) { scanner.feed(piece.span, range) }
        output.removeAll(keepingCapacity: true)
        let writer = ClientResponseHead(framing: head.framing, connection: .implied, requestID: id, instance: "w/1")
        writer.append(upstream: head, fields: responses.fields, in: piece.span, to: &output)
        output.append(piece.span, head.length..<offset)
        checksum &+= output.count
        return framing
    }

    /// What each further piece costs: one or more tokens.
    mutating func relay(_ piece: [UInt8], _ framing: inout BodyScanner) throws {
        var offset = 0
        while true {
            switch try framing.next(piece.span, from: &offset) {
            case .content(let range): scanner.feed(piece.span, range)
            case .needMore, .end: return checksum &+= offset
            }
        }
    }

    private mutating func finish() {
        scanner.finish()
        let tail = scanner.readTail()
        checksum &+= scanner.events &+ (tail.usage?.completion ?? 0) &+ (tail.finishReason == .stop ? 1 : 0)
    }

    private mutating func choose(_ model: String) -> LoadSlot? {
        guard let group = table.entry(for: model)?.groups.first else { return nil }
        candidates.removeAll(keepingCapacity: true)
        for instance in group.instances {
            candidates.append(RoutingCandidate(inFlight: instance.load.inFlight, isEligible: true))
        }
        guard let index = group.policy.pick(from: candidates, sequence: UInt64(checksum & 0xFFFF), random: 7) else {
            return nil
        }
        return LoadSlot(on: group.instances[index].load)
    }
}
