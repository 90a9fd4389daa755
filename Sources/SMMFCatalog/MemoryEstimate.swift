// SPDX-License-Identifier: MIT

/// What serving a model takes, before anybody has measured it.
public struct MemoryEstimate: Sendable, Hashable, Codable {
    /// Bytes of the weights.
    public var weights: Int
    /// Bytes of the key-value cache.
    public var cache: Int
    /// Bytes of an engine's own, and of the numbers in between.
    public var work: Int

    public var total: Int { weights + cache + work }

    /// Estimates for so many requests at once of so many tokens each.
    public init(_ model: CatalogModel, _ quantization: Quantization, context: Int, parallel: Int) {
        weights = Int(model.billions * 1e9 * quantization.bytes(of: model))
        if let shape = model.shape {
            // A key and a value for each token, in two bytes a number.
            let perToken = 2 * 2 * shape.layers * shape.heads * shape.headSize
            cache = perToken * max(0, context) * max(1, parallel)
        } else {
            cache = 0
        }
        work = 512 << 20 + weights / 20
    }
}
