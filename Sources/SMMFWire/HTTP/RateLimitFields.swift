// SPDX-License-Identifier: MIT

/// What an answer says about its caller's rates, in the fields that OpenAI's API has for it.
public struct RateLimitFields: Sendable, Hashable {
    /// One rate.
    public struct Rate: Sendable, Hashable {
        public var limit: Int
        public var remaining: Int
        /// Nanoseconds until all of it can be used again.
        public var reset: UInt64

        /// Creates a rate.
        public init(limit: Int, remaining: Int, reset: UInt64) {
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }
    }

    public var requests: Rate?
    public var tokens: Rate?

    /// Creates the fields of the rates that there are.
    public init(requests: Rate? = nil, tokens: Rate? = nil) {
        self.requests = requests
        self.tokens = tokens
    }

    /// The most bytes of the header lines.
    static let longest = 512

    /// Appends the header lines.
    func append(to output: inout OutputSpan<UInt8>) {
        if let requests {
            output.append(literal: "x-ratelimit-limit-requests: ")
            output.append(decimal: requests.limit)
            output.append(literal: "\r\nx-ratelimit-remaining-requests: ")
            output.append(decimal: requests.remaining)
            output.append(literal: "\r\nx-ratelimit-reset-requests: ")
            Self.append(duration: requests.reset, to: &output)
            output.append(literal: "\r\n")
        }
        if let tokens {
            output.append(literal: "x-ratelimit-limit-tokens: ")
            output.append(decimal: tokens.limit)
            output.append(literal: "\r\nx-ratelimit-remaining-tokens: ")
            output.append(decimal: tokens.remaining)
            output.append(literal: "\r\nx-ratelimit-reset-tokens: ")
            Self.append(duration: tokens.reset, to: &output)
            output.append(literal: "\r\n")
        }
    }

    /// A duration as OpenAI writes it, rounded up: `20ms`, `1s`, `6m0s`.
    public static func text(duration nanoseconds: UInt64) -> String {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: 24) { append(duration: nanoseconds, to: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(duration nanoseconds: UInt64, to output: inout OutputSpan<UInt8>) {
        let milliseconds = nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0)
        guard milliseconds >= 1000 else {
            output.append(decimal: Int(milliseconds))
            output.append(literal: "ms")
            return
        }
        let seconds = milliseconds / 1000 + (milliseconds % 1000 > 0 ? 1 : 0)
        if seconds >= 60 {
            output.append(decimal: Int(seconds / 60))
            output.append(literal: "m")
        }
        output.append(decimal: Int(seconds % 60))
        output.append(literal: "s")
    }
}
