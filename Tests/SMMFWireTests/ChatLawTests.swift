// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

/// What holds for every dialect of chats in ``ChatDialects``.
@Suite struct ChatLawTests {
    @Test(arguments: ChatSupport.pairs.indices)
    func whatAClientIsSentItsBackendReads(_ index: Int) throws {
        let (client, backend) = ChatSupport.pairs[index]
        for answer in ChatSupport.answers {
            let wanted = ChatSupport.gather(answer.events)
            let request = ChatSupport.plain(streams: true)
            let stream = ChatSupport.stream(client, request, answer.events)
            let events = ChatSupport.read(backend, request, [stream])
            compare(ChatSupport.gather(events), wanted, "\(client.name) \(answer.name) streamed: \(stream.text)")

            let plain = ChatSupport.plain(streams: false)
            let whole = try client.whole(wanted, to: plain, as: ChatSupport.identity)
            let read = ChatSupport.read(backend, plain, [whole.bytes])
            compare(ChatSupport.gather(read), wanted, "\(client.name) \(answer.name) whole: \(whole.text)")
        }
    }

    private func compare(_ found: ChatAnswer, _ wanted: ChatAnswer, _ text: String) {
        let note = Comment(rawValue: text)
        #expect(found.error == nil, note)
        #expect(found.isComplete, note)
        #expect(found.choices.count == 1, note)
        guard let left = found.choices.first, let right = wanted.choices.first else { return }
        #expect(left.text == right.text, note)
        #expect(left.reasoning == right.reasoning, note)
        #expect(left.toolCalls.map(\.name) == right.toolCalls.map(\.name), note)
        #expect(left.toolCalls.map(\.argumentTree) == right.toolCalls.map(\.argumentTree), note)
        #expect(left.stop == right.stop, note)
        #expect(found.usage?.prompt == wanted.usage?.prompt, note)
        #expect(found.usage?.completion == wanted.usage?.completion, note)
    }

    @Test(arguments: ChatSupport.pairs.indices)
    func anySplitGivesTheSameEvents(_ index: Int) async {
        let (client, backend) = ChatSupport.pairs[index]
        for answer in ChatSupport.answers {
            let request = ChatSupport.plain(streams: true)
            let stream = ChatSupport.stream(client, request, answer.events)
            let whole = ChatSupport.read(backend, request, [stream])
            for cuts in waysToCut(stream.count) {
                #expect(ChatSupport.read(backend, request, pieces(stream, cuts)) == whole, "\(client.name) \(cuts)")
            }
            await Task.yield()
        }
    }

    /// A stream that is cut anywhere never ends cleanly, unless only the line ends behind its last mark are missing.
    @Test(arguments: ChatSupport.pairs.indices)
    func aStreamThatIsCutIsBroken(_ index: Int) async {
        let (client, backend) = ChatSupport.pairs[index]
        let request = ChatSupport.plain(streams: true)
        for answer in ChatSupport.answers {
            let stream = ChatSupport.stream(client, request, answer.events)
            for count in 0..<stream.count {
                let part = Array(stream[..<count])
                let events = ChatSupport.read(backend, request, [part], isWhole: false)
                let isEnd = events.last == .end
                if isEnd {
                    #expect(mayEnd(part, of: stream, backend), "\(client.name) ends at \(count) of \(stream.count)")
                }
                if !isEnd { #expect(isError(events.last), "\(client.name) at \(count)") }
            }
            await Task.yield()
        }
    }

    private func mayEnd(_ part: [UInt8], of stream: [UInt8], _ backend: any ChatBackendDialect) -> Bool {
        stream.count - part.count <= 2
            || ChatSupport.read(backend, ChatSupport.plain(streams: true), [part]).last == .end
    }

    private func isError(_ event: ChatEvent?) -> Bool { if case .error = event { true } else { false } }

    /// Whatever comes, there is one end, it is the last event, and nothing crashes.
    @Test(arguments: ChatDialects.backends.indices)
    func damagedStreamsHarmNothing(_ index: Int) async {
        let backend = ChatDialects.backends[index]
        var random = SeededGenerator(seed: 51 + UInt64(index))
        var corpus = ChatDialects.clients.flatMap { client in
            ChatSupport.answers.map { ChatSupport.stream(client, ChatSupport.plain(streams: true), $0.events) }
        }
        corpus += ChatTranscripts.all.map { [UInt8]($0.text) }
        for round in 0..<1500 {
            if round % 50 == 0 { await Task.yield() }
            var bytes = corpus.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 0...3, using: &random) { bytes = mutated(bytes, using: &random) }
            let request = ChatSupport.plain(streams: Bool.random(using: &random))
            let cuts = [Int.random(in: 0...bytes.count, using: &random)]
            let status = [200, 200, 200, 400, 429, 500].randomElement(using: &random) ?? 200
            let events = ChatSupport.read(
                backend,
                request,
                pieces(bytes, cuts),
                head: AnswerHead(status: status),
                isWhole: Bool.random(using: &random)
            )
            let ends = events.filter { $0 == .end || isError($0) }
            #expect(ends.count == 1 && (events.last == .end || isError(events.last)), "\(backend.name) \(bytes.text)")
        }
    }

    /// Whatever a client is sent after an error, it is nothing.
    @Test(arguments: ChatDialects.clients.indices)
    func nothingFollowsAnError(_ index: Int) {
        let client = ChatDialects.clients[index]
        let request = ChatSupport.plain(streams: true)
        let events = ChatSupport.answers[0].events
        for count in 0..<events.count {
            let broken = Array(events[..<count]) + [.error(NeutralError(.outage, "It broke."))]
            let stream = ChatSupport.stream(client, request, broken)
            #expect(stream.text.contains("It broke."))
            #expect(ChatSupport.stream(client, request, broken + [.end, .error(NeutralError(.outage, "x"))]) == stream)
            #expect(!stream.text.contains("[DONE]") && !stream.text.contains("message_stop"))
        }
    }

    @Test(arguments: ChatDialects.backends.indices)
    func anEmptyAnswerIsBroken(_ index: Int) {
        for streams in [true, false] {
            let events = ChatSupport.read(ChatDialects.backends[index], "", streams: streams)
            #expect(events.count == 1 && isError(events.last))
        }
    }
}
