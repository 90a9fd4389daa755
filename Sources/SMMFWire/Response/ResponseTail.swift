// SPDX-License-Identifier: MIT

/// What the end of an answer tells: the tokens it cost and why the model stopped.
public struct ResponseTail: Sendable, Hashable {
    public internal(set) var usage: TokenUsage?
    public let finishReason: FinishReason?

    init(usage: TokenUsage? = nil, finishReason: FinishReason? = nil) {
        self.usage = usage
        self.finishReason = finishReason
    }

    /// Looks backwards for the last `usage` object and the last `finish_reason` string.
    ///
    /// The object may stand anywhere: at the top, inside a choice as Moonshot has it, in `x_groq`; of usage that every
    /// event repeats the last one counts. Without any, llama.cpp's `timings` do. Quotes inside a JSON string are
    /// escaped, so text that talks of usage cannot be taken for it.
    init(_ bytes: Span<UInt8>) {
        var reason: FinishReason?
        var end = bytes.count
        while reason == nil, let place = bytes.lastIndex(of: "\"finish_reason\"", before: end) {
            reason = Self.value(bytes, behind: place + 15).flatMap { Self.reason(bytes, at: $0) }
            end = place
        }
        self.init(usage: Self.lastUsage(bytes), finishReason: reason)
    }

    /// The last usage that `bytes` tell of.
    static func lastUsage(_ bytes: Span<UInt8>) -> TokenUsage? {
        lastObject(bytes, "\"usage\"") ?? lastObject(bytes, "\"timings\"")
    }

    private static func lastObject(_ bytes: Span<UInt8>, _ key: StaticString) -> TokenUsage? {
        var end = bytes.count
        while let place = bytes.lastIndex(of: key, before: end) {
            let start = value(bytes, behind: place + key.utf8CodeUnitCount)
            if let usage = start.flatMap({ TokenUsage(bytes, at: $0) }) { return usage }
            end = place
        }
        return nil
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
