// SPDX-License-Identifier: MIT

/// A key as it is shown: without its digest.
public struct KeyStatus: Sendable, Hashable, Codable {
    public let id: KeyID
    public let name: String
    public let prefix: String
    public let models: ModelScope
    public let limits: KeyLimits
    public let created: Timestamp
    public let expires: Timestamp?
    public let isRevoked: Bool
    /// Tokens spent since it was made.
    public let spent: Int
    /// Tokens spent in the budget's present period; nil without a budget.
    public let spentOfBudget: Int?

    /// Shows a key at a moment.
    public init(_ key: APIKey, _ spending: KeySpending, at now: Timestamp) {
        id = key.id
        name = key.name
        prefix = key.prefix
        models = key.models
        limits = key.limits
        created = key.created
        expires = key.expires
        isRevoked = key.isRevoked
        spent = spending.total
        spentOfBudget = key.limits.budget.map { spending.tokens(in: $0.period, onDay: BudgetPeriod.day(of: now)) }
    }
}

/// A key that was just made, with its secret: the only time that anybody sees it.
public struct CreatedKey: Sendable, Hashable, Codable {
    public let key: KeyStatus
    public let secret: String

    /// Pairs a key with its secret.
    public init(key: KeyStatus, secret: String) {
        self.key = key
        self.secret = secret
    }
}
