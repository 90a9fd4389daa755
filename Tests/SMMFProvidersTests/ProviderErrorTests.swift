// SPDX-License-Identifier: MIT

import SMMFProviders
import SMMFRelay
import SMMFWire
import Testing

/// What providers' errors mean, from their pages and from recorded traffic.
@Suite("Errors of providers")
struct ProviderErrorTests {
    @Test("each means what the provider says that it means", arguments: ErrorCase.all)
    func meaning(_ test: ErrorCase) throws {
        let provider = try #require(Providers.named(test.provider))
        let head = AnswerHead(status: test.status, errorType: test.errorType)
        let error = provider.error(head, Array(test.body.utf8))
        #expect(error.kind == test.kind, "\(error)")
        #expect(!error.text.isEmpty)
        if let wait = test.wait { #expect(error.retryAfter == .milliseconds(wait)) }
    }

    @Test(
        "those inside a 200 are found in answers and in streams",
        arguments: ErrorCase.all.filter { $0.status == 200 }
    )
    func inside(_ test: ErrorCase) throws {
        let provider = try #require(Providers.named(test.provider))
        for streams in [false, true] {
            var request = ChatRequest(model: "m", messages: [ChatMessage(.user, text: "hi")], family: .openAI)
            request.streams = streams
            let form =
                test.body.hasPrefix("{") && streams && test.provider != "ollama-cloud"
                ? "data: \(test.body)\n\n" : test.body
            for text in [test.body, form] {
                var reader = provider.chat.reader(for: request)
                var events: [ChatEvent] = []
                reader.begin(AnswerHead(status: 200))
                reader.feed(Array(text.utf8).span, to: &events)
                reader.finish(isWhole: true, to: &events)
                guard case .error(let error) = events.last else {
                    Issue.record("no error in \(events)")
                    continue
                }
                #expect(error.kind == test.kind, "\(text): \(error)")
            }
        }
    }

    @Test("every provider has cases, and there are as many as there were")
    func coverage() {
        let shared: Set = [
            "yi", "gitee", "infiniai", "aimlapi", "lm-studio", "openai-compatible", "bedrock-openai", "zai",
            "moonshot-intl", "azure-deployments", "azure-foundry", "spark-x",
        ]
        let covered = Set(ErrorCase.all.map(\.provider)).union(shared)
        for provider in Providers.all { #expect(covered.contains(provider.name), "\(provider.name) has no case") }
        #expect(ErrorCase.all.count >= 200)
    }

    @Test("those that share their words share their rules")
    func sharing() throws {
        let twins = [
            ("zhipu", "zai"), ("moonshot", "moonshot-intl"), ("azure", "azure-deployments"), ("azure", "azure-foundry"),
            ("spark", "spark-x"),
        ]
        for (one, other) in twins {
            let rules = try #require(Providers.named(one)?.shape?.errors.rules)
            #expect(!rules.isEmpty && Providers.named(other)?.shape?.errors.rules == rules)
        }
    }
}
