// SPDX-License-Identifier: MIT

import SMMFRelay
import SMMFTesting
import SMMFWire
import Testing

/// Conservation: what the relay has counted after thousands of streams is what they cost, token by token.
@Suite struct LedgerTests {
    static let streams = 1000
    static let clients = 12

    @Test func whatIsCountedIsWhatItCost() async throws {
        let upstream = try await ScriptedUpstream { exchange in
            guard let number = exchange.body.split(separator: "plan ").last?.prefix(while: \.isNumber),
                let number = Int(number)
            else { return exchange.close() }
            Self.answer(LedgerPlan(number), exchange)
        }
        try await withRelay { relay in
            try await relay.publish([upstream.port])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<Self.clients {
                    group.addTask {
                        var connection = try await relay.connect()
                        for number in stride(from: client, to: Self.streams, by: Self.clients) {
                            let plan = LedgerPlan(number)
                            try await Self.ask(plan, connection)
                            let isKept = plan.ending == .complete || plan.ending == .refused
                            if !isKept { connection = try await relay.connect() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await relay.settle()
            let traffic = await relay.traffic
            var reported = TokenUsage()
            var estimated = TokenUsage()
            var counts: [Bool: Int] = [:]
            let plans = (0..<Self.streams).map(LedgerPlan.init)
            for truth in plans.compactMap(\.truth) {
                if truth.isEstimated { estimated.add(truth.usage) } else { reported.add(truth.usage) }
                counts[truth.isEstimated, default: 0] += 1
            }
            #expect(traffic.tokens == reported)
            #expect(traffic.estimatedTokens == estimated)
            #expect(traffic.reportedRequests == counts[false])
            #expect(traffic.estimatedRequests == counts[true])
            #expect(traffic.completed == plans.count { $0.ending == .complete })
            #expect(traffic.cancelled == plans.count { $0.ending == .cancelled })
            #expect(traffic.broken == plans.count { $0.ending == .broken })
            #expect(traffic.refused == [400: plans.count { $0.ending == .refused }])
            #expect(traffic.failed.isEmpty && traffic.retries == 0)
        }
    }

    private static func answer(_ plan: LedgerPlan, _ exchange: UpstreamExchange) {
        if plan.ending == .refused {
            return exchange.send(UpstreamExchange.json(#"{"error":{"message":"too long"}}"#, status: "400 Bad Request"))
        }
        var rest = (UpstreamExchange.streamHead + plan.body)[...]
        while !rest.isEmpty {
            exchange.send(String(rest.prefix(plan.pieceSize)))
            rest = rest.dropFirst(plan.pieceSize)
        }
        if plan.ending == .broken { exchange.close() }
    }

    private static func ask(_ plan: LedgerPlan, _ client: RawClient) async throws {
        try await client.post("/v1/chat/completions", plan.request)
        switch plan.ending {
        case .complete:
            let answer = try await client.answer()
            #expect(answer.isComplete, "plan \(plan.number)")
            #expect(withoutComments(answer.content) == plan.expected, "plan \(plan.number)")
        case .cancelled:
            try await client.wait(forContent: plan.lastSent)
            try await client.close()
        case .broken:
            let answer = try await client.answer()
            #expect(!answer.isComplete && answer.content.contains("upstream_broken"), "plan \(plan.number)")
        case .refused:
            #expect(try await client.answer().status == 400)
        }
    }

    /// What stands in for a hidden event in a chunk that it shares is nothing to a reader.
    private static func withoutComments(_ content: String) -> String {
        var isBehindComment = false
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            let isComment = line.hasPrefix(":")
            defer { isBehindComment = isComment }
            return !isComment && !(isBehindComment && line.isEmpty)
        }
        return lines.joined(separator: "\n")
    }
}
