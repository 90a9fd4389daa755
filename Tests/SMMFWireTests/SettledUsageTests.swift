// SPDX-License-Identifier: MIT

import SMMFWire
import Testing

@Suite struct SettledUsageTests {
    private static func report(_ text: String, _ content: ResponseHead.Content = .eventStream) -> AnswerReport {
        var scanner = ResponseScanner(content)
        let bytes = [UInt8](text)
        scanner.feed(bytes.span, 0..<bytes.count)
        scanner.finish()
        return AnswerReport(scanner)
    }

    static let word = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
    static let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":8}}\n\n"

    @Test func aReportCountsWhenTheAnswerCameToItsEnd() {
        let reported = TokenUsage(prompt: 9, completion: 8)
        let whole = Self.report(Self.word + Self.usage + "data: [DONE]\n\n")
        for isComplete in [true, false] {
            let settled = SettledUsage(whole, inputBytes: 100, generates: true, isComplete: isComplete)
            #expect(settled == SettledUsage(reported, isEstimated: false))
        }
        // Without the end it may be one of many.
        let part = SettledUsage(Self.report(Self.word + Self.usage), inputBytes: 9, generates: true, isComplete: false)
        #expect(part == SettledUsage(reported, isEstimated: true))
    }

    @Test func estimatesSayThatTheyAre() {
        let stream = Self.report(Self.word + Self.word + "data: [DONE]\n\n")
        let json = Self.report("{\"choices\":[{}]}", .json)
        let cases: [(AnswerReport?, Bool, TokenUsage)] = [
            (stream, true, TokenUsage(prompt: 3, completion: 2)), (json, true, TokenUsage(prompt: 3, completion: 4)),
            (json, false, TokenUsage(prompt: 3)), (nil, true, TokenUsage(prompt: 3)),
        ]
        for (report, generates, usage) in cases {
            let settled = SettledUsage(report, inputBytes: 9, generates: generates, isComplete: true)
            #expect(settled == SettledUsage(usage, isEstimated: true))
        }
    }
}
