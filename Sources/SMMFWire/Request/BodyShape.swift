// SPDX-License-Identifier: MIT

/// Which member carries the input of an operation, and so what a body must have beside `model`.
public enum BodyShape: Sendable, Hashable {
    /// `messages`: chat completions.
    case messages
    /// `prompt`: text completions.
    case prompt
    /// `input`: embeddings.
    case input
    /// `query` and `documents`: rerank.
    case documents
}
