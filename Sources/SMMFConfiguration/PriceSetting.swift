// SPDX-License-Identifier: MIT

import SMMFCore

/// One `[[prices]]` table: what a provider asks for a model's tokens, in dollars for a million.
public struct PriceSetting: Sendable, Hashable {
    public var provider: String
    /// The provider's name for the model, or the beginning of names with a star behind it.
    public var model: String
    public var input: Double
    public var output: Double
    /// Of input that the provider's cache gave; as other input when nil.
    public var cached: Double?
    /// Of input that was put into the cache; as other input when nil.
    public var cacheWritten: Double?

    /// The most settings of one file.
    static let limit = 1_000

    init(_ table: ConfigurationTable) throws(SMMFError) {
        func dollars(_ member: String) throws(SMMFError) -> Double? {
            guard let value = try table.number(member) else { return nil }
            guard value.isFinite, (0...1_000_000).contains(value) else {
                throw table.error(member, "must be dollars for a million tokens, from 0 to 1000000.")
            }
            return value
        }
        provider = try table.requiredString("provider")
        model = try table.requiredString("model")
        guard !provider.isEmpty, !model.isEmpty else { throw table.error("model", "and provider must not be empty.") }
        guard let input = try dollars("input") else { throw table.error("input", "is missing.") }
        self.input = input
        output = try dollars("output") ?? 0
        cached = try dollars("cached")
        cacheWritten = try dollars("cache_written")
        try table.finish()
    }
}
