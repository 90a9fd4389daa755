// SPDX-License-Identifier: MIT

/// What `eventually` waited for did not happen before its deadline.
public struct NotInTime: Error, Sendable, Hashable, CustomStringConvertible {
    /// The description given to `eventually`.
    public let awaited: String
    /// How long it waited.
    public let limit: Duration
    /// What the condition threw on its last turn, when it threw.
    public let lastError: String?

    /// The sentence a failed test shows.
    public var description: String {
        let reason = lastError.map { " The last look threw: \($0)" } ?? ""
        return "Within \(limit) this did not happen: \(awaited).\(reason)"
    }
}
