// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// What holds for every provider that is played; the suite is the same for all, the words are each one's own.
@Suite("Played providers", .timeLimit(.minutes(2)))
struct PlayedProviderTests {
    private static let prompts = [
        "prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens", "prompt_eval_count",
    ]
    private static let totals = ["total_tokens", "totalTokenCount", "totalTokens"]
    private static let outputs = ["completion_tokens", "output_tokens", "outputTokens", "eval_count"]

    @Test("names are their own")
    func names() {
        let names = PlayedProvider.all.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(PlayedProvider.named(name)?.name == name) }
    }

    @Test("whole and streamed they say the same, and count the same", arguments: ProviderSuite.withChats)
    func speaks(_ name: String) async throws {
        let suite = ProviderSuite(name: name)
        for act in ["#text hello", "#reason hello", "#usage", "#length"] {
            try await SimulatedProvider.running(name) { provider in
                let whole = try await suite.ask(provider, act)
                #expect(whole.head.hasPrefix("HTTP/1.1 200 "), "\(whole.body)")
                let first = try await provider.settledReport()
                let streamed = try await suite.ask(provider, act, streams: true)
                #expect(streamed.head.hasPrefix("HTTP/1.1 200 ") && streamed.isComplete, "\(streamed.body)")
                if let end = suite.end { #expect(streamed.body.contains(end), "\(streamed.body)") }
                let both = try await provider.settledReport()
                #expect(both.requests == 2 && both.finished == 2 && both.errors == 0 && both.aborted == 0)
                #expect(both.usage.prompt == first.usage.prompt * 2)
                #expect(both.usage.completion == first.usage.completion * 2, "\(act): \(whole.body) \(streamed.body)")
                for reply in [whole, streamed] {
                    if let output = ProviderSuite.number(Self.outputs, in: reply.body) {
                        #expect(output == first.usage.completion, "\(act): \(reply.body)")
                    }
                    if let total = ProviderSuite.number(Self.totals, in: reply.body) {
                        #expect(total == first.usage.completion + first.usage.prompt, "\(act): \(reply.body)")
                    }
                }
            }
        }
    }

    @Test("the first declared tool is called with arguments of its schema", arguments: ProviderSuite.withChats)
    func callsTools(_ name: String) async throws {
        let suite = ProviderSuite(name: name)
        try await SimulatedProvider.running(name) { provider in
            for streams in [false, true] {
                let reply = try await suite.ask(provider, "#tools", streams: streams)
                #expect(reply.body.contains("weather"), "\(reply.body)")
                #expect(reply.body.contains("city"), "\(reply.body)")
                let two = try await suite.ask(provider, "#parallel", streams: streams)
                // Wenxin calls one function at a time.
                #expect(two.body.components(of: "\"weather\"") == (name == "wenxin" ? 1 : 2), "\(two.body)")
            }
        }
    }

    @Test("what arrived is echoed", arguments: ProviderSuite.withChats)
    func echoes(_ name: String) async throws {
        let suite = ProviderSuite(name: name)
        try await SimulatedProvider.running(name) { provider in
            let body = try await suite.ask(provider, "#echo what was said").body
            for word in ["Be brief.", "what was said", "weather", "city"] { #expect(body.contains(word), "\(body)") }
            #expect(provider.requests.last?.text.contains("what was said") == true)
        }
    }

    @Test("each class of error has the provider's own words", arguments: ProviderSuite.withChats)
    func refuses(_ name: String) async throws {
        let suite = ProviderSuite(name: name)
        try await SimulatedProvider.running(name) { provider in
            var bodies: Set<String> = []
            for kind in ["badKey", "quota", "rateLimit", "badRequest", "overloaded", "outage"] {
                let reply = try await suite.ask(provider, "#error:\(kind)")
                let hidden = ["wenxin", "minimax", "spark", "spark-x"].contains(name)
                #expect(hidden || !reply.head.hasPrefix("HTTP/1.1 200 "), "\(kind): \(reply.head)")
                #expect(reply.body.hasPrefix("{") || reply.body.hasPrefix("["), "\(reply.body)")
                bodies.insert(reply.head.prefix(20) + reply.body)
            }
            // Some have one word for a failure and for being busy.
            #expect(bodies.count >= 5)
            let report = try await provider.settledReport()
            #expect(report.errors == 6 && report.finished == 0 && report.usage.completion == 0)
        }
    }

    @Test("a wrong key is refused", arguments: ProviderSuite.withChats.filter { $0 != "wenxin" })
    func keys(_ name: String) async throws {
        let suite = ProviderSuite(name: name)
        try await SimulatedProvider.running(name, keys: ["another"]) { provider in
            let reply = try await suite.ask(provider, "#text")
            let isLocal = ["ollama", "llama-server", "vllm", "lm-studio", "openai-compatible"].contains(name)
            #expect(try await provider.settledReport().errors == (isLocal ? 0 : 1), "\(reply.body)")
        }
    }

    @Test(
        "harmless faults change nothing of what is said",
        arguments: PlayedFault.allCases.filter { $0.isHarmless && $0 != .longLine }
    )
    func harmless(_ fault: PlayedFault) async throws {
        for name in ["openai", "anthropic", "gemini-native", "dashscope", "wenxin", "ollama-cloud", "bedrock"] {
            let suite = ProviderSuite(name: name)
            try await SimulatedProvider.running(name) { provider in
                let reply = try await suite.ask(provider, "#text hello #fault:\(fault.rawValue)", streams: true)
                #expect(reply.isComplete && reply.body.contains("hello"), "\(name)")
                let counted = try await provider.settledReport()
                #expect(counted.finished == 1 && counted.usage.completion == 6)
            }
        }
    }

    @Test(
        "harmful faults show",
        arguments: PlayedFault.allCases.filter { !$0.isHarmless && $0 != .hang && $0 != .endless }
    )
    func harmful(_ fault: PlayedFault) async throws {
        for name in ["openai", "anthropic", "gemini-native", "dashscope", "wenxin", "ollama-cloud"] {
            let suite = ProviderSuite(name: name)
            try await SimulatedProvider.running(name) { provider in
                for streams in [false, true] {
                    let good = try await suite.ask(provider, "#text hello", streams: streams)
                    let bad = try await suite.ask(provider, "#text #fault:\(fault.rawValue) hello", streams: streams)
                    #expect(bad.rawBody != good.rawBody || bad.transcript.ending != good.transcript.ending, "\(name)")
                }
            }
        }
    }

    @Test("a line of ten megabytes is one line")
    func longLine() async throws {
        try await SimulatedProvider.running("openai") { provider in
            let suite = ProviderSuite(name: "openai")
            let client = try await WireClient.connect(to: provider.port)
            try await client.send(suite.request(provider, "#text #fault:long-line", streams: true))
            let reads = await client.readToEnd().reads
            #expect(reads.reduce(0) { $0 + $1.count } > 10 << 20)
            await client.close()
        }
    }

    @Test("a process plays one provider or all of them")
    func process() async throws {
        let one = try await SimulatedProcess.start(["--provider", "openai", "--key", "k", "--fault", "tight"])
        #expect(one.output.contains("provider openai http://127.0.0.1:") && one.port != nil)
        let all = try await SimulatedProcess.start(["--provider", "all"])
        for provider in PlayedProvider.all { #expect(all.output.contains("provider \(provider.name) http://")) }
        let none = try SimulatedProcess.launch(["--provider", "nobody"])
        _ = try await none.waitForExit()
        #expect(none.output.contains("There is no provider nobody"))
    }

    @Test("a broken off answer is counted as one")
    func aborts() async throws {
        let suite = ProviderSuite(name: "openai")
        try await SimulatedProvider.running("openai") { provider in
            _ = try await suite.ask(provider, "#text #fault:reset one two three four", streams: true)
            let report = try await provider.settledReport()
            #expect(report.aborted == 1 && report.finished == 0 && report.usage.prompt > 0)
        }
    }
}
