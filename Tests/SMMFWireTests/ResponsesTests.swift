// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct ResponsesTests {
    private func events(_ stream: [UInt8]) throws -> [JSONTree] {
        var source = EventSource(limit: 1 << 20)
        var offset = 0
        var events: [JSONTree] = []
        while let event = try source.next(stream.span, from: &offset) {
            let tree = try JSONTree(event.data)
            #expect(tree["type"]?.string == event.name)
            events.append(tree)
        }
        return events
    }

    @Test func aTextIsStreamedInOrder() throws {
        let stream = ChatSupport.stream(
            ResponsesClient(),
            ChatSupport.plain(streams: true),
            ChatSupport.answers[0].events
        )
        let events = try events(stream)
        #expect(
            events.map { $0["type"]?.string ?? "" } == [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "response.output_item.done", "response.completed",
            ]
        )
        #expect(events.map { $0["sequence_number"]?.int ?? -1 } == Array(0..<events.count))
        let response = try #require(events.last?["response"])
        #expect(response["output"]?[0]?["content"]?[0]?["text"]?.string == "Hello \u{4f60}\u{1f600}\"\n")
        #expect(response["usage"]?["input_tokens_details"]?["cached_tokens"]?.int == 4)
        #expect(response["usage"]?["total_tokens"]?.int == 19)
    }

    @Test func theStreamsEndIsTheWholeAnswer() throws {
        for answer in ChatSupport.answers {
            let request = ChatSupport.plain(streams: true)
            let stream = ChatSupport.stream(ResponsesClient(), request, answer.events)
            let whole = try ResponsesClient().whole(
                ChatSupport.gather(answer.events),
                to: request,
                as: ChatSupport.identity
            )
            #expect(try events(stream).last?["response"] == whole, "\(answer.name)")
        }
    }

    @Test func callsAndReasoningAreItems() throws {
        let stream = ChatSupport.stream(
            ResponsesClient(),
            ChatSupport.plain(streams: true),
            ChatSupport.answers[2].events
        )
        let items = try #require(events(stream).last?["response"]?["output"]?.array)
        #expect(items.map { $0["type"]?.string } == ["message", "function_call", "function_call"])
        #expect(items[1]["arguments"]?.string == "{\"city\":\"Paris\"}")
        #expect(items[2]["call_id"]?.string == "call_1")
    }

    @Test func anErrorIsAFailure() throws {
        let broken = Array(ChatSupport.answers[0].events.prefix(2)) + [.error(NeutralError(.overloaded, "Busy."))]
        let stream = ChatSupport.stream(ResponsesClient(), ChatSupport.plain(streams: true), broken)
        let last = try #require(events(stream).last)
        #expect(last["type"]?.string == "response.failed")
        #expect(last["response"]?["error"]?["message"]?.string == "Busy.")
    }

    @Test func itemsBecomeMessages() throws {
        let body = try JSONTree(
            text:
                #"{"model":"m","instructions":"Be brief.","input":[{"role":"user","content":"hi"},{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"seal"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Look."}]},{"type":"function_call","call_id":"c1","name":"weather","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"11"}],"tools":[{"type":"function","name":"weather","parameters":{"type":"object"},"strict":true}],"reasoning":{"effort":"low"},"text":{"format":{"type":"json_schema","name":"a","schema":{"type":"object"}}},"max_output_tokens":9,"stream":true}"#
        )
        let request = try ResponsesClient().read(ClientInput(body: body))
        #expect(request.messages.map(\.role) == [.system, .user, .assistant, .tool])
        let sent = try JSONTree(OpenAIChatBackend(.openAI).write(request).body)
        #expect(
            sent["messages"]?[2]?.text
                == #"{"role":"assistant","content":"Look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]}"#
        )
        #expect(sent["messages"]?[3]?.text == #"{"role":"tool","tool_call_id":"c1","content":"11"}"#)
        #expect(sent["max_completion_tokens"]?.int == 9)
        #expect(sent["reasoning_effort"]?.string == "low")
    }

    @Test(arguments: ["previous_response_id", "background", "conversation"])
    func whatNeedsAStoreIsRefused(_ key: String) throws {
        var body = try JSONTree(text: #"{"model":"m","input":"hi"}"#)
        body[key] = key == "background" ? true : "resp_1"
        let error = #expect(throws: TranslationRefusal.self) { try ResponsesClient().read(ClientInput(body: body)) }
        #expect(error?.field == key)
    }
}
