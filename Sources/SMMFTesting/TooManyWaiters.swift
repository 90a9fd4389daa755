// SPDX-License-Identifier: MIT

/// More tasks wait at a gate, a clock or a statistic than a test can mean: something loops.
public struct TooManyWaiters: Error, Sendable, Hashable, CustomStringConvertible {
    /// How many may wait at once.
    public let limit: Int

    /// Names the limit that was reached.
    public var description: String {
        "\(limit) tasks wait here already; a loop in the code under test probably starts a wait on every turn."
    }
}
