// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore

/// The registry that a controller keeps in its memory, used from another process through the controller's API.
public struct ControllerRegistry: Registry {
    private let client: ControlClient

    /// How long the server may hold a call for changes, in seconds; well within what proxies allow.
    static let longestWait = 20

    /// Creates a registry behind the controller that `client` calls.
    public init(client: ControlClient) { self.client = client }

    public func announce(_ instance: Instance, lease: Duration?) async throws(RegistryError) {
        let body = RegistryAnnouncement(instance: instance, lease: lease.map(Self.milliseconds))
        try await calling {
            try await client.send(.put, "/v1/registry/instances/\(PercentCoding.encode(instance.id.text))", body: body)
        }
    }

    public func renew(_ ids: [InstanceID], lease: Duration) async throws(RegistryError) -> [InstanceID] {
        let body = RegistryRenewal(ids: ids, lease: Self.milliseconds(lease))
        return try await calling { try await client.call(.post, "/v1/registry/renew", body: body) }
    }

    public func withdraw(_ id: InstanceID) async throws(RegistryError) {
        try await calling {
            try await client.send(.delete, "/v1/registry/instances/\(PercentCoding.encode(id.text))")
        }
    }

    public func publish(_ cards: [ModelCard]) async throws(RegistryError) {
        try await calling { try await client.send(.put, "/v1/registry/cards", body: cards) }
    }

    public func publish(keys: [KeyCard]) async throws(RegistryError) {
        try await calling { try await client.send(.put, "/v1/registry/keys", body: keys) }
    }

    public func next(after revision: RegistryRevision?) async throws(RegistryError) -> RegistryUpdate {
        while true {
            let after = revision.map { "&after=\($0.epoch).\($0.number)" } ?? ""
            let update: RegistryUpdate? = try await calling {
                try await client.call(
                    .get,
                    "/v1/registry/next?wait=\(Self.longestWait)\(after)",
                    timeout: .seconds(Self.longestWait + 10)
                )
            }
            if let update { return update }
        }
    }

    private func calling<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(RegistryError) -> Value {
        do {
            return try await body()
        } catch let error as SMMFError where error.code == .conflict {
            throw .outdated(version: error.field.flatMap { UInt64($0) } ?? 0)
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw Task.isCancelled ? .cancelled : .unavailable("\(error)")
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
    }
}

/// The body of an announcement.
public struct RegistryAnnouncement: Sendable, Codable {
    public var instance: Instance
    /// In milliseconds; nil for a row without a lease.
    public var lease: Int?

    /// Creates a body.
    public init(instance: Instance, lease: Int?) {
        self.instance = instance
        self.lease = lease
    }
}

/// The body of a renewal.
public struct RegistryRenewal: Sendable, Codable {
    public var ids: [InstanceID]
    /// In milliseconds.
    public var lease: Int

    /// Creates a body.
    public init(ids: [InstanceID], lease: Int) {
        self.ids = ids
        self.lease = lease
    }
}
