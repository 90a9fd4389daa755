// SPDX-License-Identifier: MIT

/// Dialects that share their words for what only some of them have.
public enum DialectFamily: String, Sendable, Hashable, CaseIterable {
    case openAI, responses, anthropic, gemini, ollama, dashScope, wenxin, bedrock, spark
}
