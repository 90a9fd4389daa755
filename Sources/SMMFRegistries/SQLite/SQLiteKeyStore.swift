// SPDX-License-Identifier: MIT

#if SQLite
import GRDB
public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// API keys and their spending in an SQLite file, beside whatever else is in it.
public final class SQLiteKeyStore: KeyStore {
    private let file: SQLiteFile

    /// The most API server runs whose last report is remembered; the oldest ones are long gone.
    private static let serverLimit = 1000

    /// Opens or makes the file at `path`; throws ``SMMFError`` with code `storage` that names the file.
    public init(path: String) throws { file = try SQLiteFile(path: path, migrator: Self.migrator) }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("api keys") { database in
            try database.execute(
                sql: """
                    CREATE TABLE api_key (id TEXT PRIMARY KEY, document TEXT NOT NULL, spending TEXT NOT NULL) STRICT;
                    CREATE TABLE spending_report (server TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
                    """
            )
        }
        return migrator
    }

    public func load() async throws -> [StoredKey] {
        try await file.read { database in
            let decoder = JSONDecoder()
            return try Row.fetchAll(database, sql: "SELECT document, spending FROM api_key ORDER BY id").map { row in
                StoredKey(
                    key: try decoder.decode(APIKey.self, from: Data((row["document"] as String).utf8)),
                    spending: try decoder.decode(KeySpending.self, from: Data((row["spending"] as String).utf8))
                )
            }
        }
    }

    public func save(_ key: APIKey) async throws {
        let arguments: StatementArguments = [key.id.text, try Self.text(key), try Self.text(KeySpending.none)]
        try await file.write { database in
            try database.execute(
                sql: """
                    INSERT INTO api_key (id, document, spending) VALUES (?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET document = excluded.document
                    """,
                arguments: arguments
            )
        }
    }

    public func remove(_ id: KeyID) async throws {
        try await file.write { try $0.execute(sql: "DELETE FROM api_key WHERE id = ?", arguments: [id.text]) }
    }

    public func add(_ report: SpendingReport) async throws -> Bool {
        try await file.write { database in
            let number = Int64(clamping: report.number)
            let last = try Int64.fetchOne(
                database,
                sql: "SELECT number FROM spending_report WHERE server = ?",
                arguments: [report.server]
            )
            guard number > last ?? 0 else { return false }
            for entry in report.entries { try Self.add(entry, to: database) }
            // A replaced row gets a new rowid, so that the servers heard of longest ago are the first to be forgotten.
            try database.execute(
                sql: "INSERT OR REPLACE INTO spending_report (server, number) VALUES (?, ?)",
                arguments: [report.server, number]
            )
            try database.execute(
                sql: """
                    DELETE FROM spending_report WHERE rowid NOT IN
                    (SELECT rowid FROM spending_report ORDER BY rowid DESC LIMIT ?)
                    """,
                arguments: [Self.serverLimit]
            )
            return true
        }
    }

    private static func add(_ entry: SpendingReport.Entry, to database: Database) throws {
        let text = try String.fetchOne(
            database,
            sql: "SELECT spending FROM api_key WHERE id = ?",
            arguments: [entry.key.text]
        )
        guard let text else { return }
        var spending = try JSONDecoder().decode(KeySpending.self, from: Data(text.utf8))
        spending.add(entry.tokens, onDay: entry.day)
        try database.execute(
            sql: "UPDATE api_key SET spending = ? WHERE id = ?",
            arguments: [try Self.text(spending), entry.key.text]
        )
    }

    private static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}
#endif
