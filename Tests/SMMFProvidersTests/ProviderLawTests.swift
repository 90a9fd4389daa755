// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFProviders
import SMMFRelay
import SMMFWire
import Testing

/// What holds for every provider in ``Providers``.
@Suite struct ProviderLawTests {
    @Test func namesAreTheirOwn() {
        let names = Providers.all.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(Providers.named(name)?.name == name) }
    }

    @Test(arguments: Providers.all.map(\.name))
    func everyProviderCanBeReached(_ name: String) throws {
        let provider = try #require(Providers.named(name))
        var spec = ProviderSpec(provider: name)
        for option in provider.options { spec.options[option] = "place" }
        let endpoint = try provider.endpoint(for: spec)
        #expect(endpoint.isTLS == !provider.isKeyless)
        let chat = try #require(provider.path(of: "chat", model: "a model/1"))
        #expect(chat.hasPrefix("/") && !chat.contains(" ") && !chat.contains("{"))
        #expect(provider.path(of: "nonsense", model: "m") == nil)
        #expect(!provider.title.isEmpty)
        #expect(provider.isKeyless || !provider.environment.isEmpty)
        spec.base = "http://127.0.0.1:9/v1"
        #expect(try provider.endpoint(for: spec).port == 9)
        var call = ProviderCall(key: "sk-1", host: "h", target: "/", time: 1_700_000_000_000)
        let lines = String(decoding: provider.fields(for: call), as: UTF8.self)
        #expect(lines.contains("sk-1") && lines.hasSuffix("\r\n"))
        call.key = nil
        #expect(!String(decoding: provider.fields(for: call), as: UTF8.self).contains("authorization"))
    }

    @Test(arguments: Providers.all.map(\.name))
    func everyProvidersChatGoesToItsPath(_ name: String) throws {
        let provider = try #require(Providers.named(name))
        let request = ChatRequest(model: "m", messages: [ChatMessage(.user, text: "hi")], family: .openAI)
        #expect(try provider.chat.write(request).path == provider.path(of: "chat", model: "m"))
    }

    @Test(arguments: Providers.all.map(\.name))
    func optionsThatAreWrongAreNamed(_ name: String) throws {
        let provider = try #require(Providers.named(name))
        let unknown = ProviderSpec(provider: name, options: ["nonsense": "x"])
        #expect(#expect(throws: SMMFError.self) { try provider.endpoint(for: unknown) }?.field == "options.nonsense")
        guard let option = provider.options.first else { return }
        for value in ["a/b", "", "a b", "x@y"] where !value.isEmpty {
            let spec = ProviderSpec(provider: name, options: [option: value])
            #expect(#expect(throws: SMMFError.self) { try provider.endpoint(for: spec) }?.field == "options.\(option)")
        }
    }

    @Test(arguments: Providers.all.map(\.name))
    func aPlainBodyIsSentAsItCame(_ name: String) throws {
        let provider = try #require(Providers.named(name))
        let body = Array(#"{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0.5}"#.utf8)
        let needsMore = ["spark", "spark-x"].contains(name)
        #expect((try provider.rewrite(body.span, operation: "chat", model: "m") == nil) != needsMore)
        #expect(try provider.rewrite(body.span, operation: "embedding", model: "m") == nil)
    }

    @Test func bodiesAreChangedWhereTheyMustBe() throws {
        func rewritten(_ provider: String, _ body: String) throws -> String? {
            let bytes = Array(body.utf8)
            let row = try #require(Providers.named(provider))
            return try row.rewrite(bytes.span, operation: "chat", model: "new").map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(
            try rewritten("openai", #"{"model":"m","max_tokens":5}"#) == #"{"model":"new","max_completion_tokens":5}"#
        )
        #expect(
            try rewritten("zhipu", #"{"model":"m","temperature":0,"tool_choice":"auto","user":"u"}"#)
                == #"{"model":"new","temperature":0.01,"tool_choice":"auto","user_id":"u"}"#
        )
        for name in ["tongyi", "moonshot", "zhipu"] {
            let refusal = #expect(throws: TranslationRefusal.self, "\(name)") {
                try rewritten(name, #"{"model":"m","tool_choice":"required"}"#)
            }
            #expect(refusal?.field == "tool_choice")
        }
        #expect(
            try rewritten(
                "mistral",
                #"{"model":"m","messages":[{"role":"developer","content":"x"},{"role":"assistant","tool_calls":[{"id":"call_1","function":{}}]},{"role":"tool","tool_call_id":"call_1","content":""}],"seed":1,"stream":true,"stream_options":{"include_usage":true}}"#
            )
                == #"{"model":"new","messages":[{"role":"system","content":"x"},{"role":"assistant","tool_calls":[{"id":"SHORT","function":{}}]},{"role":"tool","tool_call_id":"SHORT","content":""}],"stream":true,"random_seed":1}"#
                .replacing("SHORT", with: try shortID())
        )
        #expect(
            try rewritten("tongyi", #"{"model":"m","top_p":1,"stream":true}"#)
                == #"{"model":"new","top_p":0.999999,"stream":true,"stream_options":{"include_usage":true}}"#
        )
        #expect(throws: TranslationRefusal.self) { try rewritten("openai", #"{"stop":["1","2","3","4","5"]}"#) }
    }

    private func shortID() throws -> String {
        let call = ToolCall(id: "call_1", name: "f", arguments: "{}")
        let messages = [ChatMessage(.assistant, [ChatPart(.toolCall(call))])]
        let request = ChatRequest(model: "m", messages: messages, family: .openAI)
        let sent = try JSONTree(try #require(Providers.named("mistral")).chat.write(request).body)
        let id = try #require(sent["messages"]?[0]?["tool_calls"]?[0]?["id"]?.string)
        #expect(id.count == 9)
        return id
    }
}
