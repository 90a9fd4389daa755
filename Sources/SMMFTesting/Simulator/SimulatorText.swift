// SPDX-License-Identifier: MIT

/// What the tokens of a simulated answer say; always the same for the same script and prompt.
public enum SimulatorText: String, Sendable, Hashable, CaseIterable {
    /// `tok0 tok1 tok2 …`.
    case counter
    /// The words of the prompt, for chats of the last user message; its length is the prompt's.
    case echo
    /// Words chosen by the seed and the prompt.
    case words

    private static let vocabulary = [
        "amber", "birch", "cloud", "delta", "ember", "field", "glass", "harbor", "iris", "jade", "kite", "lumen",
        "maple", "north", "ocean", "pearl", "quartz", "river", "stone", "tulip", "umber", "vale", "willow", "yarrow",
    ]

    /// The pieces that a client concatenates, and whether `limit` cut the answer short.
    func tokens(script: SimulatorScript, prompt: String, limit: Int?) -> (pieces: [String], isCut: Bool) {
        let words: [String]
        switch self {
        case .counter: words = (0..<script.tokens).map { "tok\($0)" }
        case .echo: words = Self.words(of: prompt).map(String.init)
        case .words:
            var generator = SeededGenerator(seed: script.seed ^ Self.hash(prompt))
            words = (0..<script.tokens).map { _ in Self.vocabulary.randomElement(using: &generator) ?? "" }
        }
        let kept = limit.map { words.prefix(max(0, $0)) } ?? words[...]
        return (kept.enumerated().map { $0 == 0 ? $1 : " " + $1 }, kept.count < words.count)
    }

    /// What counts as a token of a prompt: what stands between blanks.
    static func words(of text: String) -> [Substring] {
        text.split { $0.isWhitespace }
    }

    /// FNV-1a, so that ids, vectors and words are the same on every machine and in every run.
    static func hash(_ text: some StringProtocol) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
