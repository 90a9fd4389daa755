// SPDX-License-Identifier: MIT

/// How much a key may use; nil means without limit.
///
/// Requests, tokens and concurrent requests are counted by each API server for itself, budgets over all of them.
public struct KeyLimits: Sendable, Hashable, Codable {
    public var requestsPerMinute: Int?
    /// Prompt and completion together.
    public var tokensPerMinute: Int?
    /// Requests under way at once, streams included.
    public var concurrent: Int?
    public var budget: TokenBudget?

    /// No limit at all.
    public static let none = KeyLimits()

    /// Creates limits.
    public init(
        requestsPerMinute: Int? = nil,
        tokensPerMinute: Int? = nil,
        concurrent: Int? = nil,
        budget: TokenBudget? = nil
    ) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.concurrent = concurrent
        self.budget = budget
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case requestsPerMinute, tokensPerMinute, concurrent, budget
    }

    /// Reads limits and checks them; unknown members are refused, as a misspelt limit would be none.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            requestsPerMinute: try container.decodeIfPresent(Int.self, forKey: .requestsPerMinute),
            tokensPerMinute: try container.decodeIfPresent(Int.self, forKey: .tokensPerMinute),
            concurrent: try container.decodeIfPresent(Int.self, forKey: .concurrent),
            budget: try container.decodeIfPresent(TokenBudget.self, forKey: .budget)
        )
        try validate()
    }

    /// The greatest rate or number of concurrent requests; rates are kept in whole nanoseconds a unit.
    public static let greatest = 1_000_000_000

    /// Throws ``SMMFError`` that names the first limit out of range.
    public func validate() throws(SMMFError) {
        let numbers = [
            ("limits.requestsPerMinute", requestsPerMinute, Self.greatest),
            ("limits.tokensPerMinute", tokensPerMinute, Self.greatest),
            ("limits.concurrent", concurrent, Self.greatest),
            ("limits.budget.tokens", budget?.tokens, TokenBudget.greatest),
        ]
        for (field, value, limit) in numbers {
            guard let value, !(1...limit).contains(value) else { continue }
            throw SMMFError(
                .invalidRequest,
                "\(field) must be from 1 to \(limit), but is \(value).",
                field: field,
                nextStep: value < 1 ? "Leave it out for no limit, or revoke the key to let nothing pass." : nil
            )
        }
    }
}

/// Tokens that a key may spend in each period.
public struct TokenBudget: Sendable, Hashable, Codable {
    public var tokens: Int
    public var period: BudgetPeriod

    /// The greatest budget, in tokens.
    public static let greatest = 1_000_000_000_000_000

    /// Creates a budget.
    public init(tokens: Int, period: BudgetPeriod) {
        self.tokens = tokens
        self.period = period
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case tokens, period
    }

    /// Reads a budget; unknown members are refused.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            tokens: try container.decode(Int.self, forKey: .tokens),
            period: try container.decode(BudgetPeriod.self, forKey: .period)
        )
    }
}
