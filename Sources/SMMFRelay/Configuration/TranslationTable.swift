// SPDX-License-Identifier: MIT

public import SMMFCore
public import SMMFWire

/// All translations, by operation and by the two dialects that they stand between.
public struct TranslationTable: Sendable {
    /// What a translation is for.
    public struct Key: Sendable, Hashable {
        /// The operation's name.
        public var operation: String
        public var client: Dialect
        public var instance: Dialect

        /// Creates a key.
        public init(_ operation: String, from client: Dialect, to instance: Dialect) {
            self.operation = operation
            self.client = client
            self.instance = instance
        }
    }

    private let translations: [Key: any Translation]

    /// Creates a table.
    public init(_ translations: [Key: any Translation] = [:]) { self.translations = translations }

    /// The translation for a key; nil where there is none.
    public subscript(key: Key) -> (any Translation)? { translations[key] }
}
