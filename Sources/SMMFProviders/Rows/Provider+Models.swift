// SPDX-License-Identifier: MIT

/// Models that are worth trying without a list. They age; other names are passed on as they are.
extension Provider {
    /// Chat models of today, for those who have a key and no configuration: of the providers with prices those that have
    /// one, of some others the few whose names were found in two places in 2026-11.
    public var knownModels: [String] {
        if let few = Self.few[name] { return few }
        // What codes only is served through another API than chat.
        return PriceTable.bundled.filter { $0.provider == name && $0.output > 0 && !$0.model.hasSuffix("-codex") }
            .map(\.model)
    }

    /// A cheap one that answers at once, for trying a key.
    public var trialModel: String? { Self.trials[name] ?? Self.few[name]?.first }

    private static let trials = [
        "openai": "gpt-4.1-nano", "anthropic": "claude-haiku-4-5", "gemini": "gemini-2.5-flash-lite",
        "gemini-native": "gemini-2.5-flash-lite",
    ]

    private static let few = [
        "deepseek": ["deepseek-v4-flash", "deepseek-v4-pro"],
        "moonshot": ["kimi-k2.6", "kimi-k3"],
        "moonshot-intl": ["kimi-k2.6", "kimi-k3"],
        "zhipu": ["glm-4.7", "glm-5.2"],
        "zai": ["glm-4.7", "glm-5.2"],
        "tongyi": ["qwen-flash", "qwen-plus", "qwen3-max"],
        "dashscope": ["qwen-flash", "qwen-plus", "qwen3-max"],
        "mistral": ["mistral-small-latest", "mistral-large-latest"],
        "groq": ["llama-3.1-8b-instant", "openai/gpt-oss-20b", "openai/gpt-oss-120b"],
    ]
}
