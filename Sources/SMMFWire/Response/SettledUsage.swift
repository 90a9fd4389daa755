// SPDX-License-Identifier: MIT

/// What a request is counted with in the end: the tokens that its instance reported, or an estimate where it did not come
/// to report any.
public struct SettledUsage: Sendable, Hashable {
    public var usage: TokenUsage
    /// Whether the numbers are the relay's own guess.
    public var isEstimated: Bool

    /// A token of a prompt has about so many bytes of JSON.
    public static let bytesPerToken = 4

    /// Creates a record.
    public init(_ usage: TokenUsage, isEstimated: Bool) {
        self.usage = usage
        self.isEstimated = isEstimated
    }

    /// Settles a request that an instance took on.
    ///
    /// A report counts as it is when the answer came to its end, and as an estimate when it broke off: usage that every
    /// event repeats is then behind by what was not seen. Without a report the prompt counts a quarter of its bytes, a
    /// stream its events, and another answer of a generating model a quarter of its bytes.
    public init(_ report: AnswerReport?, inputBytes: Int, generates: Bool, isComplete: Bool) {
        if let usage = report?.tail.usage {
            let isWhole = isComplete || report?.isDone == true || report?.tail.finishReason != nil
            self.init(usage, isEstimated: !isWhole)
            return
        }
        var usage = TokenUsage(prompt: Self.tokens(inputBytes))
        if generates, let report {
            usage.completion = report.isStream ? report.events : Self.tokens(report.contentBytes)
        }
        self.init(usage, isEstimated: true)
    }

    private static func tokens(_ bytes: Int) -> Int { (bytes + bytesPerToken - 1) / bytesPerToken }
}
