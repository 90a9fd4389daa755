// SPDX-License-Identifier: MIT

/// How many bits a model's numbers take.
public enum Quantization: String, Sendable, Hashable, Codable, CaseIterable {
    /// As it is published.
    case published
    case q8 = "Q8_0"
    case q4 = "Q4_K_M"

    /// Bytes for one number, scales and what stays unquantized included.
    func bytes(of model: CatalogModel) -> Double {
        switch self {
        case .published: model.publishedBytes
        case .q8: min(model.publishedBytes, 1.0625)
        case .q4: min(model.publishedBytes, 0.606)
        }
    }
}
