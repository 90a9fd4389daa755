// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore

/// A registry offered over a control API, for ``ControllerRegistry`` in other processes.
public enum RegistryAPI {
    /// The routes; `registry` is the one that is offered. Providers' keys go only to callers that have shown a token, which
    /// `revealsSecrets` says that all of them have.
    public static func routes(_ registry: any Registry, revealsSecrets: Bool) -> [ControlRoute] {
        [
            ControlRoute(
                .get,
                "/v1/registry/next",
                "Waits for changes after a revision; everything at once without one, null when nothing happened.",
                query: ["after": "EPOCH.NUMBER of the last update", "wait": "seconds to wait, 0 to 60"],
                answer: ControlSchema(
                    "RegistryUpdate",
                    example: RegistryUpdate(
                        revision: RegistryRevision(epoch: 7, number: 3),
                        isSnapshot: true,
                        changes: []
                    )
                )
            ) { request in try await next(request, registry, revealsSecrets) },
            ControlRoute(
                .put,
                "/v1/registry/instances/{id}",
                "Announces an instance, with a lease in milliseconds.",
                body: ControlSchema(
                    "RegistryAnnouncement",
                    example: RegistryAnnouncement(instance: example, lease: 10000)
                )
            ) { request in
                let body = try request.decode(RegistryAnnouncement.self)
                try await explaining { () async throws(RegistryError) in
                    try await registry.announce(body.instance, lease: body.lease.map { .milliseconds($0) })
                }
                return .empty
            },
            ControlRoute(
                .post,
                "/v1/registry/renew",
                "Prolongs leases and answers with the ids that are unknown.",
                body: ControlSchema("RegistryRenewal", example: RegistryRenewal(ids: [example.id], lease: 10000)),
                answer: ControlSchema("InstanceIDs", example: [example.id])
            ) { request in
                let body = try request.decode(RegistryRenewal.self)
                let unknown = try await explaining { () async throws(RegistryError) in
                    try await registry.renew(body.ids, lease: .milliseconds(body.lease))
                }
                return try .json(unknown)
            },
            ControlRoute(.delete, "/v1/registry/instances/{id}", "Withdraws an instance.") { request in
                let id = InstanceID(try request.parameter("id"))
                try await explaining { () async throws(RegistryError) in try await registry.withdraw(id) }
                return .empty
            },
            ControlRoute(
                .put,
                "/v1/registry/cards",
                "Replaces the model cards.",
                body: ControlSchema("ModelCards", example: [ModelCard(name: example.model)])
            ) { request in
                let cards = try request.decode([ModelCard].self)
                try await explaining { () async throws(RegistryError) in try await registry.publish(cards) }
                return .empty
            },
            ControlRoute(
                .put,
                "/v1/registry/keys",
                "Replaces the API keys: digests and limits, no secrets.",
                body: ControlSchema("KeyCards", example: [KeyCard(exampleKey)])
            ) { request in
                let keys = try request.decode([KeyCard].self)
                try await explaining { () async throws(RegistryError) in try await registry.publish(keys: keys) }
                return .empty
            },
        ]
    }

    private static func next(
        _ request: ControlRequest,
        _ registry: any Registry,
        _ revealsSecrets: Bool
    ) async throws -> ControlAnswer {
        let wait = try request.number("wait", in: 0...60, default: 0)
        let after = try request.query["after"].map(revision)
        let update = try await withDeadline(.seconds(wait)) {
            try await explaining { () async throws(RegistryError) in try await registry.next(after: after) }
        }
        return try .json(revealsSecrets ? update : update?.withoutSecrets, revealing: true)
    }

    private static func revision(_ text: String) throws -> RegistryRevision {
        let parts = text.split(separator: ".").map { UInt64($0) }
        guard parts.count == 2, let epoch = parts[0], let number = parts[1] else {
            throw SMMFError(.invalidRequest, "after must be EPOCH.NUMBER, but is \"\(text)\".", field: "after")
        }
        return RegistryRevision(epoch: epoch, number: number)
    }

    /// The body's value, or nil when the time is over first.
    private static func withDeadline<Value: Sendable>(
        _ deadline: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private static func explaining<Value>(
        _ body: () async throws(RegistryError) -> Value
    ) async throws(SMMFError) -> Value {
        do {
            return try await body()
        } catch {
            switch error {
            case .outdated(let version):
                throw SMMFError(.conflict, "The row has version \(version) already.", field: String(version))
            case .full(let limit):
                throw SMMFError(.unavailable, "The registry is full: it holds at most \(limit) rows and watchers.")
            case .unavailable(let reason):
                throw SMMFError(.unavailable, "The registry does not answer: \(reason)")
            case .cancelled:
                throw SMMFError(.unavailable, "The registry is shutting down.")
            }
        }
    }

    private static var exampleKey: APIKey {
        APIKey(
            id: KeyID("key-x7k2m9abcd"),
            name: "my-app",
            prefix: "sk-smmf-Ab3d",
            digest: KeyDigest(1, 2, 3, 4),
            limits: KeyLimits(requestsPerMinute: 600),
            created: Timestamp(milliseconds: 0)
        )
    }

    private static var example: Instance {
        var instance = Instance(id: InstanceID("qwen3-8b-x7k2m9ab"), model: .example, worker: WorkerID("worker-1"))
        instance.endpoint = Endpoint(host: "127.0.0.1", port: 9101)
        instance.state = .ready
        return instance
    }
}
