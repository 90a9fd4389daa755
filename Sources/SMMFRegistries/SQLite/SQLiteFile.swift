// SPDX-License-Identifier: MIT

#if SQLite
import GRDB
import SMMFCore

/// One SQLite file, opened with what all stores need: WAL with full synchronisation, so that a write is on the disk when
/// it returns, and errors that name the file.
struct SQLiteFile: Sendable {
    private let database: DatabaseQueue
    private let path: String

    /// Opens or makes the file at `path`; throws ``SMMFError`` with code `storage` that names the file.
    init(path: String, migrator: DatabaseMigrator) throws {
        self.path = path
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            }
            database = try DatabaseQueue(path: path, configuration: configuration)
            try migrator.migrate(database)
        } catch {
            throw Self.storageError(error, path: path)
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await reporting { try await self.database.read(body) }
    }

    /// Runs `body` in one transaction.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await reporting { try await self.database.write(body) }
    }

    private func reporting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw Self.storageError(error, path: path)
        }
    }

    private static func storageError(_ error: any Error, path: String) -> SMMFError {
        SMMFError(
            .storage,
            "The database \(path) failed: \(error).",
            field: path,
            nextStep: "Check that its disk has room and that this user may write there."
        )
    }
}
#endif
