// SPDX-License-Identifier: MIT

public import SMMFCore

/// API keys in this process's memory, for tests and for builds without SQLite.
public actor MemoryKeyStore: KeyStore {
    private var stored: [KeyID: StoredKey] = [:]
    /// The number of each server's last report, and how many reports had come before that.
    private var reports: [String: (number: UInt64, order: Int)] = [:]
    private var reportCount = 0

    private static let serverLimit = 1000

    /// Creates an empty store.
    public init() {}

    public func load() -> [StoredKey] { stored.values.sorted { $0.key.id < $1.key.id } }

    public func save(_ key: APIKey) { stored[key.id, default: StoredKey(key: key)].key = key }

    public func remove(_ id: KeyID) { stored[id] = nil }

    public func add(_ report: SpendingReport) -> Bool {
        guard report.number > reports[report.server]?.number ?? 0 else { return false }
        reports[report.server] = (report.number, reportCount)
        reportCount += 1
        if reports.count > Self.serverLimit, let oldest = reports.min(by: { $0.value.order < $1.value.order }) {
            reports[oldest.key] = nil
        }
        for entry in report.entries { stored[entry.key]?.spending.add(entry.tokens, onDay: entry.day) }
        return true
    }
}
