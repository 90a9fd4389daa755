// SPDX-License-Identifier: MIT

/// Made-up prompts that share a beginning, as those of one application with one system prompt do.
public struct SyntheticPrompts: Sendable, Hashable {
    /// How many different ones.
    public var count = 100
    /// Words that all of them begin with.
    public var sharedWords = 0
    /// Words of its own that each has behind the shared ones.
    public var ownWords = 50
    /// The same seed makes the same prompts.
    public var seed: UInt64 = 1

    /// A hundred prompts of fifty words each.
    public init() {}

    private static let words: [String] = [
        "model", "answer", "river", "signal", "garden", "window", "paper", "engine", "bridge", "letter", "market",
        "winter",
        "summer", "machine", "number", "colour", "forest", "island", "mirror", "ticket", "planet", "harbour", "silver",
        "yellow", "quiet", "sudden", "narrow", "distant", "simple", "careful", "early", "late",
    ]

    /// The prompts; each begins with the shared words and differs from the others by its number.
    public func make() -> [String] {
        var state = seed
        let shared = Self.text(sharedWords, &state)
        return (0..<max(0, count)).map { number in
            let own = Self.text(ownWords, &state)
            return [shared, "\(number)", own].filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    private static func text(_ count: Int, _ state: inout UInt64) -> String {
        (0..<max(0, count)).map { _ in words[Int(next(&state) % UInt64(words.count))] }.joined(separator: " ")
    }

    /// SplitMix64: small, and the same everywhere.
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
