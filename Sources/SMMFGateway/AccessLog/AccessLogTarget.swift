// SPDX-License-Identifier: MIT

/// Where the access log goes, and how much of it.
public struct AccessLogTarget: Sendable, Hashable {
    /// A file, to which lines are appended, or `-` for the standard output.
    public var path: String
    /// The part of all requests that gets a line, above 0 and at most 1.
    public var sample: Double

    /// Creates a target.
    public init(path: String, sample: Double = 1) {
        self.path = path
        self.sample = sample
    }
}
