// SPDX-License-Identifier: MIT

public import SMMFCore

/// A key as the request path knows it.
public final class KeyEntry: Sendable {
    /// Whether a key lets anything through.
    public enum Standing: Sendable, Hashable {
        case good
        case revoked
        case expired(Timestamp)
    }

    public let id: KeyID
    public let digest: KeyDigest
    public let models: ModelScope
    public let limits: KeyLimits
    public let expires: Timestamp?
    public let isRevoked: Bool
    public let meter: KeyMeter

    /// Creates an entry; `meter` is the key's one meter for the whole life of the process.
    public init(_ card: KeyCard, meter: KeyMeter) {
        id = card.id
        digest = card.digest
        models = card.models
        limits = card.limits
        expires = card.expires
        isRevoked = card.isRevoked
        self.meter = meter
    }

    /// How the key stands; `wallClock` is asked only when the key expires at all.
    public func standing(at wallClock: () -> Timestamp) -> Standing {
        if isRevoked { return .revoked }
        if let expires, wallClock() >= expires { return .expired(expires) }
        return .good
    }

    /// What the client is told about its rates.
    public func rates(at now: UInt64) -> KeyRates {
        func rate(_ limit: Int?, _ bucket: borrowing RateBucket) -> KeyRates.Rate? {
            guard let limit else { return nil }
            let level = bucket.level(limit: limit, at: now)
            return KeyRates.Rate(limit: limit, remaining: level.remaining, resetNanoseconds: level.fullAfter)
        }
        return KeyRates(
            requests: rate(limits.requestsPerMinute, meter.requests),
            tokens: rate(limits.tokensPerMinute, meter.tokens)
        )
    }
}

/// A key's rates at one moment.
public struct KeyRates: Sendable, Hashable {
    /// One rate.
    public struct Rate: Sendable, Hashable {
        /// Units a minute.
        public var limit: Int
        /// Units that can be used now.
        public var remaining: Int
        /// Nanoseconds until all of it can be used again.
        public var resetNanoseconds: UInt64
    }

    public var requests: Rate?
    public var tokens: Rate?
}
