// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

/// Requests on their way from one dialect to another and back.
@Suite struct ChatRequestTests {
    private struct Body: Sendable {
        let client: String
        var path = ""
        let text: String
    }

    /// One body of each dialect with all that it can say here, its members in the order in which they are written.
    private static let bodies: [Body] = [
        Body(
            client: "openai",
            text:
                #"{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}},{"id":"call_b","type":"function","function":{"name":"time","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_a","content":"11"},{"role":"tool","tool_call_id":"call_b","content":"noon"},{"role":"user","content":"Well?"}],"tools":[{"type":"function","function":{"name":"weather","description":"Tells it.","parameters":{"type":"object","properties":{"z":{"type":"string"},"city":{"type":"string"}}}}},{"type":"function","function":{"name":"time","description":"Tells it.","parameters":{"type":"object","properties":{}}}}],"tool_choice":"auto","parallel_tool_calls":true,"temperature":0.5,"top_p":0.9,"seed":7,"stop":["a","b"],"max_completion_tokens":100,"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"},"strict":true}},"reasoning_effort":"low","user":"u","stream":true,"stream_options":{"include_usage":true}}"#
        ),
        Body(
            client: "anthropic",
            text:
                #"{"model":"m","max_tokens":4000,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"text","text":"Look."},{"type":"tool_use","id":"t1","name":"weather","input":{"city":"Paris"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"11","is_error":true},{"type":"text","text":"Well?"}]}],"tools":[{"name":"weather","description":"d","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral","ttl":"1h"}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true},"stop_sequences":["x"],"thinking":{"type":"enabled","budget_tokens":2000},"metadata":{"user_id":"u"},"stream":true}"#
        ),
        Body(
            client: "gemini",
            path: "/v1beta/models/m:generateContent",
            text:
                #"{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"hi"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]},{"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Paris"}},"thoughtSignature":"s"},{"functionCall":{"name":"weather","args":{"city":"Rome"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"11"}}},{"functionResponse":{"name":"weather","response":{"degrees":12}}}]}],"tools":[{"functionDeclarations":[{"name":"weather","description":"d","parametersJsonSchema":{"type":"object"}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["weather"]}},"generationConfig":{"temperature":0.5,"topP":0.9,"topK":5,"maxOutputTokens":100,"stopSequences":["x"],"seed":7,"responseMimeType":"application/json","responseJsonSchema":{"type":"object"},"thinkingConfig":{"includeThoughts":true,"thinkingBudget":1024}},"safetySettings":[]}"#
        ),
        Body(
            client: "ollama",
            text:
                #"{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi","images":["iVBORw0KGgo="]},{"role":"assistant","content":"","thinking":"Hm.","tool_calls":[{"function":{"name":"weather","arguments":{"city":"Paris"}}}]},{"role":"tool","content":"11","tool_name":"weather"}],"tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object"}}}],"format":"json","think":true,"stream":false,"options":{"num_predict":100,"temperature":0.5,"seed":7,"stop":["x"]}}"#
        ),
    ]

    private func read(_ body: Body, _ text: String? = nil) throws -> ChatRequest {
        let client = try #require(ChatDialects.clients.first { $0.name == body.client })
        return try client.read(ClientInput(path: body.path, body: JSONTree(text: text ?? body.text)))
    }

    @Test(arguments: 0..<4)
    func whatADialectSaysItSaysAgain(_ index: Int) throws {
        let body = Self.bodies[index]
        let backend = try #require(ChatDialects.backends.first { $0.name == body.client })
        let request = try read(body)
        let sent = try backend.write(request)
        #expect(sent.body.text == body.text)
        #expect(try read(body, sent.body.text) == request)
    }

    @Test(arguments: 0..<4)
    func everyBackendSaysItOrNamesWhatItCannot(_ index: Int) throws {
        let request = try read(Self.bodies[index])
        for backend in ChatDialects.backends {
            do throws(TranslationRefusal) {
                let sent = try backend.write(request)
                #expect((try? JSONTree(sent.body))?.object != nil, "\(backend.name)")
                #expect(sent.path.hasPrefix("/"))
                #expect(try backend.write(request) == sent, "\(backend.name)")
                // Tools stay in their order.
                let places = request.tools.compactMap { sent.body.text.firstRange(of: "\"\($0.name)\"")?.lowerBound }
                if request.messages.allSatisfy(\.toolCalls.isEmpty) { #expect(places == places.sorted()) }
            } catch {
                #expect(error.field != nil && !error.message.isEmpty, "\(backend.name)")
            }
        }
    }

    @Test(arguments: ["anthropic", "gemini", "ollama"])
    func aConversationComesBackFromAnotherDialect(_ name: String) throws {
        let original = Self.bodies[0]
        var request = try read(original)
        request.reasoning = ReasoningWish()
        let client = try #require(ChatDialects.clients.first { $0.name == name })
        let backend = try #require(ChatDialects.backends.first { $0.name == name })
        let sent = try backend.write(request)
        let path = sent.path.split(separator: "?").first.map(String.init) ?? ""
        let back = try client.read(ClientInput(path: path, query: "alt=sse", body: JSONTree(sent.body)))
        let first = try JSONTree(OpenAIChatBackend(.openAI).write(request).body)
        let second = try JSONTree(OpenAIChatBackend(.openAI).write(back).body)
        #expect(second["messages"]?.text == first["messages"]?.text)
        #expect(second["tools"]?.text == first["tools"]?.text)
        #expect(second["model"] == "m" && second["stream"] == true)
        #expect(second["temperature"]?.text == "0.5" && second["stop"]?.text == "[\"a\",\"b\"]")
        #expect(second["max_completion_tokens"]?.int == 100)
        #expect(second["response_format"]?["json_schema"]?["schema"]?.text == "{\"type\":\"object\"}")
    }

    @Test(arguments: [
        ("n", #""n":2"#, ["anthropic", "ollama", "bedrock", "wenxin", "spark"]),
        ("logprobs", #""logprobs":true"#, ["anthropic", "gemini", "ollama", "bedrock", "wenxin", "spark"]),
        ("response_format", #""response_format":{"type":"json_object"}"#, ["anthropic", "bedrock", "spark"]),
        ("audio", #""audio":{"voice":"x"}"#, ["anthropic", "gemini", "ollama", "dashscope", "wenxin", "bedrock"]),
        ("tools[0]", #""tools":[{"type":"web_search"}]"#, ["anthropic", "gemini", "ollama", "bedrock"]),
        (
            "tool_choice", #""tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required""#,
            ["ollama", "wenxin", "spark"]
        ),
    ])
    func whatCannotBeSaidIsRefusedByName(_ field: String, _ members: String, _ backends: [String]) throws {
        let text = #"{"model":"m","messages":[{"role":"user","content":"hi"}],"# + members + "}"
        let request = try read(Self.bodies[0], text)
        for backend in ChatDialects.backends {
            if backends.contains(backend.name) {
                #expect(#expect(throws: TranslationRefusal.self) { try backend.write(request) }?.field == field)
            } else if backend.name == "openai" {
                #expect(throws: Never.self) { try backend.write(request) }
            }
        }
    }

    @Test(arguments: [
        ("openai", #"{"messages":[]}"#, "model"), ("openai", #"{"model":"m"}"#, "messages"),
        ("openai", #"{"model":"m","messages":[{"role":"x","content":""}]}"#, "messages[0].role"),
        (
            "openai", #"{"model":"m","messages":[{"role":"user","content":[{"type":"video"}]}]}"#,
            "messages[0].content[0].type"
        ),
        (
            "openai", #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a"}]}]}"#,
            "messages[0].tool_calls[0].function"
        ),
        ("openai", #"{"model":"m","messages":[],"temperature":"hot"}"#, "temperature"),
        ("openai", #"{"model":"m","messages":[],"functions":[]}"#, "functions"),
        (
            "anthropic", #"{"model":"m","messages":[{"role":"user","content":[{"type":"server_tool_use"}]}]}"#,
            "messages[0].content[0].type"
        ),
        ("anthropic", #"{"model":"m","messages":[],"tool_choice":{"type":"x"}}"#, "tool_choice.type"),
        ("ollama", #"{"model":"m","messages":[]}"#, "messages"),
        ("ollama", #"{"model":"m","messages":[{"role":"user"}],"format":3}"#, "format"),
        ("ollama-generate", #"{"model":"m","prompt":"p","raw":true}"#, "raw"),
        ("responses", #"{"model":"m","input":[{"type":"item_reference","id":"x"}]}"#, "input[0].type"),
    ])
    func whatIsWrongIsNamed(_ client: String, _ text: String, _ field: String) throws {
        let error = #expect(throws: TranslationRefusal.self) { try read(Body(client: client, text: text)) }
        #expect(error?.field == field)
    }

    @Test func reasoningGoesOnlyWhereItsSealIsKnown() throws {
        let request = try read(Self.bodies[1])
        let sent = try JSONTree(OpenAIChatBackend(.openAI).write(request).body)
        #expect(sent["messages"]?[2]?["reasoning_content"] == nil)
        #expect(try JSONTree(OpenAIChatBackend().write(request).body)["messages"]?[2]?["reasoning_content"] == "Hm.")
        // Without its seal it is left out.
        let text =
            #"{"model":"m","messages":[{"role":"assistant","content":"x","reasoning_content":"Hm."},{"role":"user","content":"hi"}]}"#
        let other = try JSONTree(AnthropicBackend().write(read(Self.bodies[0], text)).body)
        #expect(other["messages"]?[0]?.text == #"{"role":"assistant","content":"x"}"#)
    }

    @Test func imagesInResultsOfToolsFollowThem() throws {
        let text =
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"see"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]},{"type":"text","text":"Well?"}]}]}"#
        let sent = try JSONTree(OpenAIChatBackend(.openAI).write(read(Self.bodies[1], text)).body)
        #expect(
            sent["messages"]?.text
                == #"[{"role":"tool","tool_call_id":"t","content":"see"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"text","text":"Well?"}]}]"#
        )
    }

    @Test func callsThatComeInterleavedStandInBlocksOfTheirOwn() throws {
        let events: [ChatEvent] = [
            .start(id: "a", model: "m", created: 1),
            .delta(choice: 0, .toolCall(index: 0, id: "c0", name: "f", signature: nil)),
            .delta(choice: 0, .toolCall(index: 1, id: "c1", name: "g", signature: nil)),
            .delta(choice: 0, .toolArguments(index: 1, "{\"b\":")),
            .delta(choice: 0, .toolArguments(index: 0, "{\"a\":1}")),
            .delta(choice: 0, .toolArguments(index: 1, "2}")), .stop(choice: 0, .toolCalls), .end,
        ]
        for (client, backend) in ChatSupport.pairs {
            let request = ChatSupport.plain(streams: true)
            let stream = ChatSupport.stream(client, request, events)
            let calls = ChatSupport.gather(ChatSupport.read(backend, request, [stream])).choices.first?.toolCalls
            #expect(calls?.map(\.arguments) == ["{\"a\":1}", "{\"b\":2}"], "\(client.name) \(stream.text)")
        }
    }

    @Test func argumentsThatAreNoJSONAreNotMadeUp() throws {
        var answer = ChatAnswer()
        answer.take(.delta(choice: 0, .toolCall(index: 0, id: "c", name: "f", signature: nil)))
        answer.take(.delta(choice: 0, .toolArguments(index: 0, "{\"a\":")))
        let request = ChatSupport.plain(streams: false)
        for stop in [StopReason.length, .toolCalls] {
            answer.take(.stop(choice: 0, stop))
            for client in ChatDialects.clients where ["anthropic", "gemini", "ollama"].contains(client.name) {
                let whole = try? client.whole(answer, to: request, as: ChatSupport.identity)
                #expect((whole == nil) == (stop == .toolCalls), "\(client.name)")
                #expect(whole?.text.contains("\"f\"") != true, "\(client.name)")
            }
        }
    }
}
