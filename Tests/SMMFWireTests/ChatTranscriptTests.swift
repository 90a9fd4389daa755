// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct ChatTranscriptTests {
    @Test(arguments: ChatTranscripts.all.indices)
    func whatIsFound(_ index: Int) {
        let transcript = ChatTranscripts.all[index]
        let note = Comment(rawValue: transcript.name)
        let events = ChatSupport.read(
            transcript.backend,
            transcript.text,
            streams: transcript.streams,
            status: transcript.status
        )
        let answer = ChatSupport.gather(events)
        #expect(answer.error?.kind == transcript.error, note)
        #expect(answer.isComplete == (transcript.error == nil), "\(transcript.name) \(events)")
        let choice = answer.choices.first ?? ChatAnswer.Choice()
        #expect(choice.text == transcript.answer, note)
        #expect(choice.reasoning == transcript.reasoning, note)
        #expect(choice.toolCalls.map { "\($0.id) \($0.name) \($0.arguments)" } == transcript.calls, note)
        #expect(choice.stop == transcript.stop, note)
        #expect(answer.usage == transcript.usage, note)
    }

    @Test(arguments: ChatTranscripts.all.indices)
    func anySplitGivesTheSame(_ index: Int) async {
        let transcript = ChatTranscripts.all[index]
        let request = ChatSupport.plain(streams: transcript.streams)
        let head = AnswerHead(status: transcript.status)
        for ends in ["\n", "\r\n", "\r"] {
            let text = transcript.text.replacing("\n", with: ends)
            let bytes = [UInt8](ends == "\n" ? transcript.text : text)
            let whole = ChatSupport.read(transcript.backend, request, [bytes], head: head)
            for (number, cuts) in waysToCut(bytes.count).enumerated() where ends == "\n" || number % 7 == 1 {
                let found = ChatSupport.read(transcript.backend, request, pieces(bytes, cuts), head: head)
                #expect(found == whole, "\(transcript.name) \(cuts)")
            }
            await Task.yield()
        }
    }
}
