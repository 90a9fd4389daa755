// SPDX-License-Identifier: MIT

#if SQLite
import GRDB
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One SQLite file, opened with what all stores need: WAL with full synchronisation, so that a write is on the disk when
/// it returns, and errors that name the file.
struct SQLiteFile: Sendable {
    private let database: DatabaseQueue
    private let path: String

    /// Opens or makes the file at `path`; throws ``SMMFError`` with code `storage` that names the file.
    init(path: String, migrator: DatabaseMigrator) throws {
        self.path = path
        do {
            try Self.makePrivate(path)
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

    /// Providers' keys are in it, so only its owner may read it. The files that SQLite puts beside it are like it.
    private static func makePrivate(_ path: String) throws {
        let files = FileManager.default
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        if files.fileExists(atPath: path) {
            try files.setAttributes(mode, ofItemAtPath: path)
        } else {
            _ = files.createFile(atPath: path, contents: nil, attributes: mode)
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
