// SPDX-License-Identifier: MIT

#if SQLite
import GRDB
public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Metadata in one SQLite file. A write costs a few milliseconds and happens only when somebody changes a deployment.
public final class SQLiteMetadataStore: MetadataStore {
    private let file: SQLiteFile

    /// Opens or makes the file at `path`; throws ``SMMFError`` with code `storage` that names the file.
    public init(path: String) throws { file = try SQLiteFile(path: path, migrator: Self.migrator) }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("deployments and workers") { database in
            try database.execute(
                sql: """
                    CREATE TABLE deployment (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
                    CREATE TABLE worker (id TEXT PRIMARY KEY, address TEXT NOT NULL) STRICT;
                    """
            )
        }
        return migrator
    }

    public func load() async throws -> Metadata {
        try await file.read { database in
            let documents = try String.fetchAll(database, sql: "SELECT document FROM deployment ORDER BY name")
            let decoder = JSONDecoder()
            let deployments = try documents.map { try decoder.decode(Deployment.self, from: Data($0.utf8)) }
            let rows = try Row.fetchAll(database, sql: "SELECT id, address FROM worker")
            let workers = try rows.map { row in
                (WorkerID(row["id"]), try Endpoint(row["address"] as String))
            }
            return Metadata(deployments: deployments, workers: Dictionary(uniqueKeysWithValues: workers))
        }
    }

    public func save(_ deployment: Deployment) async throws {
        let encoder = JSONEncoder()
        if let key = CodingUserInfoKey.revealsSecrets { encoder.userInfo[key] = true }
        let document = try encoder.encode(deployment)
        let text = String(decoding: document, as: UTF8.self)
        try await write(
            "INSERT OR REPLACE INTO deployment (name, document) VALUES (?, ?)",
            [deployment.name.text, text]
        )
    }

    public func remove(_ name: ModelName) async throws {
        try await write("DELETE FROM deployment WHERE name = ?", [name.text])
    }

    public func saveWorker(_ id: WorkerID, address: Endpoint?) async throws {
        if let address {
            try await write(
                "INSERT OR REPLACE INTO worker (id, address) VALUES (?, ?)",
                [id.text, address.description]
            )
        } else {
            try await write("DELETE FROM worker WHERE id = ?", [id.text])
        }
    }

    private func write(_ sql: String, _ arguments: [String]) async throws {
        try await file.write { try $0.execute(sql: sql, arguments: StatementArguments(arguments)) }
    }
}
#endif
