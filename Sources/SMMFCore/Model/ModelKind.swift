// SPDX-License-Identifier: MIT

/// What a model does, and so which operations it serves.
public enum ModelKind: String, Sendable, Hashable, Codable, CaseIterable {
    case language, embedding, rerank
}
