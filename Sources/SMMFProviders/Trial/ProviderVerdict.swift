// SPDX-License-Identifier: MIT

/// What came of trying a provider, in one line and with what to do.
public struct ProviderVerdict: Sendable, Hashable {
    /// What it comes down to.
    public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        case works
        /// The key is unknown, revoked or of another place.
        case badKey = "bad_key"
        /// The key may not do this.
        case denied
        /// Nothing is left of the account's money or quota.
        case noMoney = "no_money"
        /// Too much in too short a time.
        case limited
        /// The provider does not serve callers from here.
        case region
        case noModel = "no_model"
        /// The request itself was refused.
        case refused
        /// The provider is busy or failed.
        case down
        /// No answer came: no such name, nobody there, no trust.
        case unreachable
    }

    public var outcome: Outcome
    public var message: String
    public var nextStep: String?

    /// Creates a verdict.
    public init(_ outcome: Outcome, _ message: String, nextStep: String? = nil) {
        self.outcome = outcome
        self.message = message
        self.nextStep = nextStep
    }
}
