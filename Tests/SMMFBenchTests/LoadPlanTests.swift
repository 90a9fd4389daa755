// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFBench

@Suite("Load plan")
struct LoadPlanTests {
    @Test("options that cannot be are refused by name")
    func refusals() throws {
        let wrong: [(String, (inout LoadPlan) -> Void)] = [
            ("--connections", { $0.connections = 0 }),
            ("--connections", { $0.connections = 1_000_000 }),
            ("--loops", { $0.loops = 0 }),
            ("--loops", { $0.loops = $0.connections + 1 }),
            ("--warmup", { $0.warmup = .seconds(-1) }),
            ("--ramp", { $0.ramp = .seconds(100_000) }),
            ("--grace", { $0.grace = .seconds(100_000) }),
            ("--timeout", { $0.timeout = .zero }),
            ("--duration", { $0.length = .time(.zero) }),
            ("--requests", { $0.length = .requests(0) }),
            ("--rate", { $0.arrival = .open(perSecond: 0) }),
            ("--rate", { $0.arrival = .open(perSecond: .nan) }),
        ]
        try LoadPlan().validate()
        for (field, change) in wrong {
            var plan = LoadPlan()
            change(&plan)
            #expect { try plan.validate() } throws: { ($0 as? SMMFError)?.field == field }
        }
    }

    @Test("parts add up to the whole and differ by one at the most", arguments: [(64, 1), (10, 3), (7, 7), (100, 8)])
    func shares(count: Int, loops: Int) {
        var plan = LoadPlan()
        plan.loops = loops
        let parts = (0..<loops).map { plan.share(count, of: $0) }
        #expect(parts.reduce(0, +) == count)
        #expect((parts.max() ?? 0) - (parts.min() ?? 0) <= 1)
    }

    @Test("a ramp opens connections evenly")
    func ramp() {
        var plan = LoadPlan()
        #expect(plan.connections(of: 100, after: 0) == 100)
        plan.ramp = .seconds(10)
        #expect(plan.connections(of: 100, after: 0) == 1)
        #expect(plan.connections(of: 100, after: 5_000_000_000) == 51)
        #expect(plan.connections(of: 100, after: 10_000_000_000) == 100)
    }

    @Test("a request carries what was asked for, and its length")
    func request() throws {
        var target = LoadTarget(endpoint: Endpoint(host: "h", port: 81, path: "/p"), model: "a \"b\"")
        target.key = "k"
        target.isStream = true
        target.maxTokens = 7
        target.members = "\"top_k\":1"
        let requests = try target.requests(["hi\n", "you"])
        let body =
            #"{"model":"a \"b\"","stream":true,"stream_options":{"include_usage":true},"max_tokens":7,"top_k":1,"#
            + #""messages":[{"role":"user","content":"hi\n"}]}"#
        let head = """
            POST /p/v1/chat/completions HTTP/1.1\r\nhost: h:81\r\nauthorization: Bearer k\r\n\
            content-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n
            """
        #expect(String(decoding: requests[0], as: UTF8.self) == head + body)
        #expect(requests.count == 2)
    }

    @Test("what cannot stand in a head is refused, and so is nothing to ask")
    func badTargets() {
        var target = LoadTarget(endpoint: Endpoint(host: "h", port: 81), model: "m")
        #expect { _ = try target.requests([]) } throws: { ($0 as? SMMFError)?.field == "--prompts" }
        target.key = "a\r\nb"
        #expect { _ = try target.requests(["x"]) } throws: { ($0 as? SMMFError)?.field == "--key" }
        target.key = nil
        target.path = "/a b"
        #expect { _ = try target.requests(["x"]) } throws: { ($0 as? SMMFError)?.field == "--path" }
    }

    @Test("made-up prompts share their beginning, differ, and are the same each time")
    func prompts() {
        var synthetic = SyntheticPrompts()
        synthetic.count = 20
        synthetic.sharedWords = 30
        synthetic.ownWords = 5
        let prompts = synthetic.make()
        #expect(prompts == synthetic.make())
        #expect(Set(prompts).count == 20)
        let beginnings = Set(prompts.map { $0.split(separator: " ").prefix(30) })
        #expect(beginnings.count == 1)
        #expect(prompts.allSatisfy { $0.split(separator: " ").count == 36 })
    }
}
