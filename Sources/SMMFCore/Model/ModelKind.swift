// SPDX-License-Identifier: MIT

/// What a model does, and so which operations it serves.
public enum ModelKind: String, Sendable, Hashable, Codable, CaseIterable {
    case language, embedding, rerank
    /// Makes images from text.
    case image
    /// Speaks a text.
    case speech
    /// Writes down what is said.
    case transcription
    /// Judges content.
    case moderation
}
