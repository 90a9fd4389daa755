// SPDX-License-Identifier: MIT

/// How one API server stands with an instance: what it has found out by sending requests there. Two API servers may have
/// found out different things.
public struct InstanceStanding: Sendable, Hashable, Codable {
    /// Whether a provider's key gets requests.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        case ready
        /// It has reached a rate limit and rests until that is over.
        case limited
        /// Nothing is left of the account's money or quota.
        case exhausted
        /// The provider does not know the key, or it may not do this.
        case refused
    }

    public var id: InstanceID
    public var model: ModelName
    /// The provider, where it is one's.
    public var provider: String?
    public var state: State
    /// Seconds until it is tried again, while it rests.
    public var secondsLeft: Int?
    /// How often it was sent to rest.
    public var rests: Int?
    /// Requests of this API server that run on it.
    public var inFlight: Int
    /// Event loops that keep requests away from it, as it has just failed.
    public var openBreakers: Int
    /// Dollars for a million tokens of input, where the price is known.
    public var inputPrice: Double?
    /// The same of output.
    public var outputPrice: Double?
    /// The month in which the price was looked up; `own` where the configuration says it.
    public var priceAsOf: String?

    enum CodingKeys: String, CodingKey {
        case id, model, provider, state, rests
        case secondsLeft = "seconds_left"
        case inFlight = "in_flight"
        case openBreakers = "open_breakers"
        case inputPrice = "input_price"
        case outputPrice = "output_price"
        case priceAsOf = "price_as_of"
    }

    /// Creates a standing.
    public init(id: InstanceID, model: ModelName, state: State = .ready, inFlight: Int = 0, openBreakers: Int = 0) {
        self.id = id
        self.model = model
        self.state = state
        self.inFlight = inFlight
        self.openBreakers = openBreakers
    }
}
