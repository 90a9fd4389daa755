// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct BatchTests {
    private func parts(_ text: String, shape: BodyShape = .input, limit: Int) throws -> [String]? {
        let body = Array(text.utf8)
        let peek = try RequestPeek(body.span, shape: shape, depthLimit: 32)
        let read = InputList(body.span, at: peek.input)
        guard let split = BatchSplit(try #require(read), limit: limit) else { return nil }
        return (0..<split.parts).map { part in
            var output: [UInt8] = []
            split.append(part: part, of: body.span, to: &output)
            return String(decoding: output, as: UTF8.self)
        }
    }

    @Test func `A list is cut into parts that keep all else`() throws {
        let text = #"{"model":"m","input":["a", "b]", [1,2],"d","e"],"user":"u"}"#
        let expected = [
            #"{"model":"m","input":["a", "b]"],"user":"u"}"#, #"{"model":"m","input":[[1,2],"d"],"user":"u"}"#,
            #"{"model":"m","input":["e"],"user":"u"}"#,
        ]
        #expect(try parts(text, limit: 2) == expected)
    }

    @Test(arguments: [
        #"{"model":"m","input":"one text"}"#, #"{"model":"m","input":[1,2,3,4]}"#, #"{"model":"m","input":["a","b"]}"#,
    ])
    func `What is one input, or few, stays whole`(text: String) throws {
        #expect(try parts(text, limit: 2) == nil)
    }

    @Test func `Documents are cut too`() throws {
        let text = #"{"model":"m","query":"q","documents":[{"text":"a"},"b","c"],"top_n":1}"#
        let cut = try #require(try parts(text, shape: .documents, limit: 2))
        #expect(cut[1] == #"{"model":"m","query":"q","documents":["c"],"top_n":1}"#)
    }

    private func merge(_ bodies: [String], every count: Int, top: Int? = nil) throws -> String {
        let parts = bodies.enumerated().map { BatchMerge.Part(body: Array($1.utf8), offset: $0 * count) }
        return String(decoding: try BatchMerge.merge(parts, top: top), as: UTF8.self)
    }

    @Test func `Vectors are put in order and usage is summed`() throws {
        let first =
            #"{"object":"list","data":[{"index":1,"embedding":[2]},{"index":0,"embedding":"AA=="}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}"#
        let second =
            #"{"usage":{"prompt_tokens":4,"total_tokens":5},"data":[{"object":"embedding","embedding":[9],"index":0}]}"#
        let expected =
            #"{"object":"list","data":[{"index":0,"embedding":"AA=="},{"index":1,"embedding":[2]},{"object":"embedding","embedding":[9],"index":2}],"model":"m","usage":{"prompt_tokens":7,"total_tokens":8}}"#
        #expect(try merge([first, second], every: 2) == expected)
    }

    @Test func `Scores go down over all parts and are cut to the best`() throws {
        let first = #"{"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":-1.5}]}"#
        let second = #"{"results":[{"index":1,"relevance_score":0.9,"document":{"text":"x"}},{"index":0,"score":0.5}]}"#
        let expected =
            #"{"results":[{"index":3,"relevance_score":0.9,"document":{"text":"x"}},{"index":0,"relevance_score":0.5},{"index":2,"score":0.5}]}"#
        #expect(try merge([first, second], every: 2, top: 3) == expected)
    }

    @Test func `Bare scores keep their order`() throws {
        #expect(try merge([#"{"data":[0.5,-1]}"#, #"{"data":[2]}"#], every: 2) == #"{"data":[0.5,-1,2]}"#)
    }

    @Test(arguments: ["", "[]", "{}", #"{"data":{}}"#, #"{"data":["1"]}"#, #"{"data":[{"index":0}"#])
    func `What is no such answer is refused`(text: String) {
        #expect(throws: JSONProblem.self) { try merge([text], every: 1) }
    }

    private func gather(_ texts: [String]) throws -> BatchGather? {
        var gather: BatchGather?
        for text in texts {
            let body = Array(text.utf8)
            let peek = try RequestPeek(body.span, shape: .input, depthLimit: 32)
            guard let list = InputList(body.span, at: peek.input) else { return nil }
            if gather == nil { gather = BatchGather(BatchGather.Frame(body.span, list)) }
            gather?.add(body.span, list)
        }
        return gather
    }

    @Test func `Small requests become one, and each gets its part of the answer`() throws {
        let texts = [
            #"{"model":"m","input":"a"}"#, #"{"model":"m","input":["bb","cc"]}"#, #"{"model":"m","input":["d"]}"#,
        ]
        let gather = try #require(try gather(texts))
        #expect(String(decoding: gather.body, as: UTF8.self) == #"{"model":"m","input":["a","bb","cc","d"]}"#)
        let items = (0..<4).map { #"{"index":\#($0),"embedding":[\#($0)]}"# }.reversed().joined(separator: ",")
        let whole = Array(#"{"data":[\#(items)],"model":"m","usage":{"prompt_tokens":11}}"#.utf8)
        let answers = try gather.answers(from: whole.span).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            answers == [
                #"{"data":[{"index":0,"embedding":[0]}],"model":"m","usage":{"prompt_tokens":2}}"#,
                #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[2]}],"model":"m","usage":{"prompt_tokens":6}}"#,
                #"{"data":[{"index":0,"embedding":[3]}],"model":"m","usage":{"prompt_tokens":3}}"#,
            ]
        )
    }

    @Test func `An answer that lacks an input is no answer`() throws {
        let gather = try #require(try gather([#"{"input":"a","model":"m"}"#, #"{"input":"b","model":"m"}"#]))
        for text in [#"{"data":[{"index":0}]}"#, #"{"data":[{"index":0},{"index":0}]}"#, #"{"error":{}}"#] {
            let bytes = Array(text.utf8)
            #expect(throws: JSONProblem.self) { try gather.answers(from: bytes.span) }
        }
    }

    @Test func `Parts merged again are what one answer would have been`() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let count = Int.random(in: 1...40, using: &random)
            let limit = Int.random(in: 1...8, using: &random)
            let inputs = (0..<count).map { "\"t\($0)\"" }
            let text = #"{"model":"m","input":[\#(inputs.joined(separator: ","))]}"#
            guard let cut = try parts(text, limit: limit) else {
                #expect(count <= limit)
                continue
            }
            let answers = cut.map { part in
                let texts = part.split(separator: "\"").filter { $0.hasPrefix("t") }
                let items = texts.enumerated().map { #"{"index":\#($0),"embedding":[\#($1.dropFirst())]}"# }
                return
                    #"{"data":[\#(items.shuffled(using: &random).joined(separator: ","))],"usage":{"n":\#(texts.count)}}"#
            }
            let whole = (0..<count).map { #"{"index":\#($0),"embedding":[\#($0)]}"# }.joined(separator: ",")
            #expect(try merge(answers, every: limit) == #"{"data":[\#(whole)],"usage":{"n":\#(count)}}"#)
        }
    }
}
