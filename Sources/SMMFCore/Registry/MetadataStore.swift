// SPDX-License-Identifier: MIT

/// The controller's memory: deployments and the workers that joined. A write that returned survives a kill.
public protocol MetadataStore: Sendable {
    /// Everything that was saved. Throws ``SMMFError`` with code `storage` when it cannot be read.
    func load() async throws -> Metadata
    /// Adds or replaces a deployment.
    func save(_ deployment: Deployment) async throws
    /// Removes a deployment; one that is not there is no error.
    func remove(_ name: ModelName) async throws
    /// Remembers a remote worker's address, or forgets the worker when `address` is nil.
    func saveWorker(_ id: WorkerID, address: Endpoint?) async throws
}

/// What a ``MetadataStore`` holds.
public struct Metadata: Sendable, Hashable {
    public var deployments: [Deployment]
    public var workers: [WorkerID: Endpoint]

    /// Creates metadata.
    public init(deployments: [Deployment] = [], workers: [WorkerID: Endpoint] = [:]) {
        self.deployments = deployments
        self.workers = workers
    }
}
