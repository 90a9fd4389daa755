// SPDX-License-Identifier: MIT

/// The prices that are known. They age: a user's own stand before the bundled ones, and what is in neither has no price,
/// which is not the same as costing nothing.
public struct PriceTable: Sendable, Hashable {
    private let own: [ModelPrice]

    /// Creates a table; `own` are prices that stand before the bundled ones.
    public init(own: [ModelPrice] = []) { self.own = own }

    /// The price of a model.
    public func price(of model: String, at provider: String) -> ModelPrice? {
        Self.best(own, model, provider) ?? Self.best(Self.bundled, model, provider)
    }

    private static func best(_ prices: [ModelPrice], _ model: String, _ provider: String) -> ModelPrice? {
        prices.filter { $0.provider == provider && $0.covers(model) }.max { Self.rank($0) < Self.rank($1) }
    }

    /// The longer counts, and of two as long the one without a star.
    private static func rank(_ price: ModelPrice) -> Int {
        price.model.hasSuffix("*") ? 2 * (price.model.count - 1) : 2 * price.model.count + 1
    }
}
