// SPDX-License-Identifier: MIT

/// What a scanner has seen of an answer by its end, whatever the end was.
public struct AnswerReport: Sendable, Hashable {
    public let tail: ResponseTail
    /// Events with data, `[DONE]` not counted.
    public let events: Int
    /// Bytes of content.
    public let contentBytes: Int
    public let isStream: Bool
    /// Whether `[DONE]` was seen.
    public let isDone: Bool
    /// Whether an error event was seen.
    public let hasError: Bool

    /// Creates a report of what a translation has counted.
    public init(
        usage: TokenUsage?,
        finishReason: FinishReason? = nil,
        events: Int = 0,
        contentBytes: Int = 0,
        isStream: Bool = false,
        isDone: Bool = false,
        hasError: Bool = false
    ) {
        tail = ResponseTail(usage: usage, finishReason: finishReason)
        self.events = events
        self.contentBytes = contentBytes
        self.isStream = isStream
        self.isDone = isDone
        self.hasError = hasError
    }

    /// Takes a scanner's findings.
    public init(_ scanner: ResponseScanner) {
        tail = scanner.readTail()
        events = scanner.events
        contentBytes = scanner.contentBytes
        isStream = scanner.content == .eventStream
        isDone = scanner.isDone
        hasError = scanner.hasError
    }
}
