// SPDX-License-Identifier: MIT

/// Where `usage` stands in a simulated stream; a reply in one piece carries it unless `absent`.
public enum SimulatorUsage: String, Sendable, Hashable, CaseIterable {
    /// In a chunk of its own before `[DONE]`, when the request asks for it.
    case standard
    /// The same, asked for or not.
    case always
    /// In the chunk with the finish reason, asked for or not, as transformers does.
    case finishChunk = "finish-chunk"
    /// In every chunk, counting up, asked for or not, as vLLM's `continuous_usage_stats`.
    case everyChunk = "every-chunk"
    /// Nowhere.
    case absent
}
