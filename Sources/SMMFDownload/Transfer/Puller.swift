// SPDX-License-Identifier: MIT

import SMMFControlHTTP
public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Pulls models into a store. What an interrupted pull leaves is a part that the next one goes on with; a file stands
/// where engines look for it only when it is whole and its content was checked.
public struct Puller: Sendable {
    private let store: ModelStore
    private let client: HubClient
    private let segment: Int
    private let freeSpace: @Sendable (String) -> Int?

    /// Connections of one pull at the most.
    static let connections = 4

    /// Creates a puller with the hubs, tokens and proxies of an environment. Throws ``SMMFError`` that names the variable
    /// at fault.
    public init(store: ModelStore, environment: [String: String]) throws(SMMFError) {
        self.init(
            store: store,
            http: try WideHTTP(environment: environment),
            settings: try HubSettings(environment: environment)
        )
    }

    init(
        store: ModelStore,
        http: WideHTTP,
        settings: HubSettings,
        segment: Int = FilePlan.usualSegment,
        freeSpace: @escaping @Sendable (String) -> Int? = { Disk.free(at: $0) },
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await ContinuousClock().sleep(for: $0) }
    ) {
        self.store = store
        self.segment = segment
        self.freeSpace = freeSpace
        client = HubClient(http: http, settings: settings, wait: wait)
    }

    /// Pulls what a source names and is not here yet, and returns what is here then. `name` is the catalog's.
    ///
    /// Cancelling ends it and keeps the parts. Throws ``SMMFError`` that says what to do.
    public func pull(
        _ source: PullSource,
        name: String? = nil,
        onProgress: @escaping @Sendable (PullProgress) -> Void
    ) async throws -> PulledModel {
        let folder = store.folder(of: source)
        let lock = try store.lock(folder, source.description)
        defer { lock.release() }
        onProgress(PullProgress(state: .listing, received: 0))
        let target = try await client.resolve(source)
        let selection = try FileSelection(
            source.files,
            nearest: source.takesNearest,
            among: target.listing.files,
            of: source.description
        )
        try folder.make()
        var record = folder.read() ?? PullRecord(source: source.description)
        record.name = name ?? record.name
        let stale = record.want(selection, of: target.listing.files, commit: target.listing.commit) {
            folder.size($0.path) == $0.size
        }
        try folder.write(record)
        for path in stale { try? FileManager.default.removeItem(atPath: folder.file(path)) }
        let session = PullSession(
            folder: folder,
            client: client,
            target: target,
            record: record,
            missing: selection.files.filter { file in !record.files.contains { $0.path == file.path && $0.isWhole } },
            all: selection.files,
            segment: segment,
            onProgress: onProgress
        )
        try Disk.requireRoom(session.remaining, free: freeSpace(folder.path), at: folder.path)
        try await session.run()
        guard let model = store.pulled(source) else { throw SMMFError(.storage, "\(folder.path) cannot be read.") }
        return model
    }
}
