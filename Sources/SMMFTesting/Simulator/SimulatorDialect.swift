// SPDX-License-Identifier: MIT

/// Whose wire a simulated engine speaks, where engines with OpenAI's API differ.
public enum SimulatorDialect: String, Sendable, Hashable, CaseIterable {
    /// As `llama-server`: no role chunk, `timings`, `llamacpp:` metrics, any model name is answered.
    case llamaCpp = "llama.cpp"
    /// As `vllm serve`: a role chunk first, `vllm:` metrics with labels, an unknown model is a 404.
    case vllm
}
