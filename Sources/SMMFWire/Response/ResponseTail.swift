// SPDX-License-Identifier: MIT

/// What the end of an answer tells: the tokens it cost and why the model stopped.
public struct ResponseTail: Sendable, Hashable {
    public let usage: TokenUsage?
    public let finishReason: FinishReason?

    init(usage: TokenUsage? = nil, finishReason: FinishReason? = nil) {
        self.usage = usage
        self.finishReason = finishReason
    }

    /// Looks backwards for the last `usage` object and the last `finish_reason` string.
    ///
    /// Quotes inside a JSON string are escaped, so text that talks of usage cannot be taken for it.
    init(_ bytes: Span<UInt8>) {
        var usage: TokenUsage?
        var end = bytes.count
        while usage == nil, let place = bytes.lastIndex(of: "\"usage\"", before: end) {
            usage = Self.value(bytes, behind: place + 7).flatMap { TokenUsage(bytes, at: $0) }
            end = place
        }
        var reason: FinishReason?
        end = bytes.count
        while reason == nil, let place = bytes.lastIndex(of: "\"finish_reason\"", before: end) {
            reason = Self.value(bytes, behind: place + 15).flatMap { Self.reason(bytes, at: $0) }
            end = place
        }
        self.init(usage: usage, finishReason: reason)
    }

    private static func value(_ bytes: Span<UInt8>, behind key: Int) -> Int? {
        var index = key
        while index < bytes.count, bytes[index] == ASCII.space { index += 1 }
        guard index < bytes.count, bytes[index] == ASCII.colon else { return nil }
        return index + 1
    }

    private static func reason(_ bytes: Span<UInt8>, at start: Int) -> FinishReason? {
        var walker = JSONWalker(at: start, end: bytes.count, depthLimit: 1)
        guard let text = try? walker.string(bytes) else { return nil }
        return FinishReason(bytes, text)
    }
}
