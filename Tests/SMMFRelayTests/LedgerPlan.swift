// SPDX-License-Identifier: MIT

import SMMFTesting
import SMMFWire

/// One simulated stream of the ledger's test: everything about it follows from its number, for whoever sends it, reads it
/// and adds it up.
struct LedgerPlan {
    enum Style: CaseIterable {
        case ownEvent, lastContent, insideChoice, everyEvent, groq, timings, absent
    }

    enum Ending { case complete, cancelled, broken, refused }

    let number: Int
    let style: Style
    let ending: Ending
    let asks: Bool
    let words: Int
    /// How many of the words are sent where the stream does not come to its end.
    let sent: Int
    let prompt: Int
    private let layout: UInt64

    init(_ number: Int) {
        var random = SeededGenerator(seed: UInt64(number))
        self.number = number
        style = Style.allCases.randomElement(using: &random) ?? .ownEvent
        let endings: [Ending] = [.complete, .complete, .complete, .complete, .cancelled, .broken, .refused]
        ending = endings.randomElement(using: &random) ?? .complete
        asks = Int.random(in: 0..<3, using: &random) == 0
        words = Int.random(in: 1...12, using: &random)
        sent = Int.random(in: 1...words, using: &random)
        prompt = Int.random(in: 1...900, using: &random)
        layout = random.next()
    }

    // MARK: The client

    var messages: String { #"[{"role":"user","content":"plan \#(number)"}]"# }

    var request: String {
        let options = asks ? #","stream_options":{"include_usage":true}"# : ""
        return #"{"model":"m","messages":\#(messages),"stream":true\#(options)}"#
    }

    /// What the client waits for before it leaves.
    var lastSent: String { whole[sent - 1] + "\n\n" }

    /// The content that a client gets of a complete stream.
    var expected: String {
        let events = whole.filter { asks || !($0.contains(#""choices":[]"#) && $0.contains(#""usage":{"#)) }
        return (events + ["[DONE]"]).map { "data: \($0)\n\n" }.joined()
    }

    // MARK: The instance

    /// The bytes behind the head; a broken stream is closed afterwards, a cancelled one is not.
    var body: String {
        var random = SeededGenerator(seed: layout)
        let isWhole = ending == .complete
        let events = isWhole ? whole + ["[DONE]"] : Array(whole.prefix(sent))
        var rest = events.map { "data: \($0)\n\n" }.joined()[...]
        var chunks = ""
        let isPlain = Bool.random(using: &random)
        if isPlain { return events.map(UpstreamExchange.event).joined() + (isWhole ? "0\r\n\r\n" : "") }
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...400, using: &random))
            rest = rest.dropFirst(part.count)
            chunks += "\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n"
        }
        return chunks + (isWhole ? "0\r\n\r\n" : "")
    }

    /// The sizes of the pieces that the body is sent in.
    var pieceSize: Int { 1 + Int(layout % 700) }

    private func word(_ index: Int) -> String { "word \(number)-\(index)." }

    private func usage(_ completion: Int) -> String {
        #"{"prompt_tokens":\#(prompt),"completion_tokens":\#(completion),"total_tokens":\#(prompt + completion)}"#
    }

    private var whole: [String] {
        let contents = (1...words).map { index in
            let usage = style == .everyEvent ? usage(index) : "null"
            return
                #"{"id":"c","choices":[{"delta":{"content":"\#(word(index))"},"finish_reason":null}],"usage":\#(usage)}"#
        }
        let end = #""delta":{},"finish_reason":"stop""#
        switch style {
        case .ownEvent:
            return contents + [#"{"choices":[{\#(end)}]}"#, #"{"id":"c","choices":[],"usage":\#(usage(words))}"#]
        case .lastContent: return contents + [#"{"choices":[{\#(end)}],"usage":\#(usage(words))}"#]
        case .insideChoice: return contents + [#"{"choices":[{\#(end),"usage":\#(usage(words))}]}"#]
        case .everyEvent: return contents + [#"{"choices":[{\#(end)}],"usage":null}"#]
        case .groq: return contents + [#"{"choices":[{\#(end)}],"x_groq":{"id":"r","usage":\#(usage(words))}}"#]
        case .timings:
            let timings = #"{"cache_n":1,"prompt_n":\#(prompt - 1),"predicted_n":\#(words)}"#
            return contents + [#"{"choices":[{\#(end)}],"timings":\#(timings)}"#]
        case .absent: return contents + [#"{"choices":[{\#(end)}]}"#]
        }
    }

    // MARK: The truth

    /// What the stream is to be counted with; nil for one that was refused.
    var truth: SettledUsage? {
        let guess = (messages.utf8.count + 3) / 4
        switch ending {
        case .refused: return nil
        case .complete where style == .absent:
            return SettledUsage(TokenUsage(prompt: guess, completion: words + 1), isEstimated: true)
        case .complete:
            let cached = style == .timings ? 1 : 0
            return SettledUsage(TokenUsage(prompt: prompt, completion: words, cached: cached), isEstimated: false)
        case .cancelled, .broken:
            let usage = TokenUsage(prompt: style == .everyEvent ? prompt : guess, completion: sent)
            return SettledUsage(usage, isEstimated: true)
        }
    }
}
