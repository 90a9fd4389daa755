// SPDX-License-Identifier: MIT

/// What an API server's keys have spent since its last report. It is sent again until it is acknowledged; server and
/// number make sure that it counts once.
public struct SpendingReport: Sendable, Hashable, Codable {
    /// Tokens of one key on one day.
    public struct Entry: Sendable, Hashable, Codable {
        public var key: KeyID
        /// Counted from 1970.
        public var day: Int
        public var tokens: Int

        /// Creates an entry.
        public init(key: KeyID, day: Int, tokens: Int) {
            self.key = key
            self.day = day
            self.tokens = tokens
        }
    }

    /// Names one run of one API server.
    public var server: String
    /// Counted from 1.
    public var number: UInt64
    public var entries: [Entry]

    /// The most entries in one report.
    public static let entryLimit = 1000

    /// Creates a report.
    public init(server: String, number: UInt64, entries: [Entry]) {
        self.server = server
        self.number = number
        self.entries = entries
    }
}

/// What a key has spent in all, after a report was added.
public struct KeySpent: Sendable, Hashable, Codable {
    public var key: KeyID
    public var spending: KeySpending

    /// Creates a record.
    public init(key: KeyID, spending: KeySpending) {
        self.key = key
        self.spending = spending
    }
}

/// Takes the reports of API servers: the controller, in this process or over its API.
public protocol SpendingSink: Sendable {
    /// Adds a report, unless it was added before, and returns what its keys have spent in all; keys that nobody knows
    /// any more are left out. Throws ``SMMFError`` when it could not be added, and the report is to be sent again.
    func add(_ report: SpendingReport) async throws -> [KeySpent]
}
