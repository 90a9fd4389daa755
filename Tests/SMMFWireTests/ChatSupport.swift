// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

/// What the tests of all chat dialects share.
enum ChatSupport {
    static let identity = AnswerIdentity(id: "id-1", model: "m", created: 1_700_000_000)

    /// The events that a backend's reader finds in pieces of an answer.
    static func read(
        _ backend: any ChatBackendDialect,
        _ request: ChatRequest,
        _ pieces: [[UInt8]],
        head: AnswerHead = AnswerHead(status: 200),
        isWhole: Bool = true
    ) -> [ChatEvent] {
        var reader = backend.reader(for: request)
        var events: [ChatEvent] = []
        reader.begin(head)
        for piece in pieces { reader.feed(piece.span, to: &events) }
        reader.finish(isWhole: isWhole, to: &events)
        return events
    }

    static func read(
        _ backend: any ChatBackendDialect,
        _ text: String,
        streams: Bool = true,
        status: Int = 200
    ) -> [ChatEvent] {
        read(backend, plain(streams: streams), [[UInt8](text)], head: AnswerHead(status: status))
    }

    /// A stream as a client gets it.
    static func stream(_ client: any ChatClientDialect, _ request: ChatRequest, _ events: [ChatEvent]) -> [UInt8] {
        var writer = client.streamWriter(for: request, as: identity)
        var output: [UInt8] = []
        for event in events { writer.write(event, to: &output) }
        return output
    }

    static func plain(streams: Bool, family: DialectFamily = .openAI) -> ChatRequest {
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, text: "hi")], family: family)
        request.streams = streams
        request.includesUsage = streams
        return request
    }

    static func gather(_ events: [ChatEvent]) -> ChatAnswer {
        var answer = ChatAnswer()
        for event in events { answer.take(event) }
        return answer
    }

    /// The same client and backend: what one writes the other reads.
    static var pairs: [(client: any ChatClientDialect, backend: any ChatBackendDialect)] {
        ChatDialects.clients.flatMap { client in
            ChatDialects.backends.filter { $0.name == client.name }.map { (client, $0) }
        }
    }

    /// Answers of every kind, as events.
    static let answers: [(name: String, events: [ChatEvent])] = [
        ("text", [.start(id: "a", model: "m", created: 1)] + text("Hel", "lo \u{4f60}\u{1f600}\"\n") + end(.end)),
        ("length", [.start(id: "a", model: "m", created: 1)] + text("cut") + end(.length)),
        (
            "tools",
            [.start(id: "a", model: "m", created: 1)] + text("Let me look.")
                + call(0, "weather", "{\"ci", "ty\":\"Paris\"}")
                + call(1, "time", "{}") + end(.toolCalls)
        ),
        (
            "reasoning",
            [
                .start(id: "a", model: "m", created: 1), .delta(choice: 0, .reasoning("Let me ")),
                .delta(choice: 0, .reasoning("think.")), .delta(choice: 0, .signature("c2VhbA==")),
            ] + text("Done.") + end(.end)
        ),
    ]

    private static func text(_ pieces: String...) -> [ChatEvent] { pieces.map { .delta(choice: 0, .text($0)) } }

    private static func call(_ index: Int, _ name: String, _ pieces: String...) -> [ChatEvent] {
        [.delta(choice: 0, .toolCall(index: index, id: "call_\(index)", name: name, signature: nil))]
            + pieces.map { .delta(choice: 0, .toolArguments(index: index, $0)) }
    }

    private static func end(_ reason: StopReason) -> [ChatEvent] {
        [
            .stop(choice: 0, reason), .usage(TokenUsage(prompt: 12, completion: 7, cached: 4)), .end,
        ]
    }
}
