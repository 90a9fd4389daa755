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
        cache = Self.cache(model.shape, context: context, parallel: parallel)
        work = 512 << 20 + weights / 20
    }

    /// Estimates for weights of so many bytes in files that are here; small models need less for the numbers in between.
    public init(weights: Int, shape: CatalogModel.Shape?, context: Int, parallel: Int) {
        self.weights = weights
        cache = Self.cache(shape, context: context, parallel: parallel)
        work = min(512 << 20, 64 << 20 + weights / 4) + weights / 20
    }

    /// A key and a value for each token, in two bytes a number. Sizes come from files of strangers, so they are bounded.
    private static func cache(_ shape: CatalogModel.Shape?, context: Int, parallel: Int) -> Int {
        guard let shape else { return 0 }
        let numbers = [2, 2, shape.layers, shape.heads, shape.headSize, max(0, context), max(1, parallel)]
        let bytes = numbers.reduce(1.0) { $0 * Double($1) }
        return bytes < 1e15 ? Int(bytes) : Int(1e15)
    }
}
