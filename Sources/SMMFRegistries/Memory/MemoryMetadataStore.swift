// SPDX-License-Identifier: MIT

public import SMMFCore

/// Metadata in this process's memory, for tests and for builds without SQLite.
public actor MemoryMetadataStore: MetadataStore {
    private var metadata: Metadata

    /// Creates a store that holds `metadata`.
    public init(_ metadata: Metadata = Metadata()) { self.metadata = metadata }

    public func load() -> Metadata { metadata }

    public func save(_ deployment: Deployment) {
        metadata.deployments.removeAll { $0.name == deployment.name }
        metadata.deployments.append(deployment)
    }

    public func remove(_ name: ModelName) { metadata.deployments.removeAll { $0.name == name } }

    public func saveWorker(_ id: WorkerID, address: Endpoint?) { metadata.workers[id] = address }
}
