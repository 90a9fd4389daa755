// SPDX-License-Identifier: MIT

/// A stretch of an instance's output.
public struct LogPage: Sendable, Hashable, Codable {
    /// The lines, oldest first.
    public var lines: [String]
    /// The number of the first line; lines are counted from 1 over the whole life of the instance.
    public var first: Int
    /// Give this as `after` to get what comes next.
    public var last: Int

    /// Creates a page.
    public init(lines: [String], first: Int, last: Int) {
        self.lines = lines
        self.first = first
        self.last = last
    }
}
