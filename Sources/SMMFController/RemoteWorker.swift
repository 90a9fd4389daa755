// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore

/// A worker on another machine, through its control API.
public struct RemoteWorker: WorkerAgent {
    private let client: ControlClient

    /// Creates an agent that calls the worker's API.
    public init(client: ControlClient) { self.client = client }

    public func assign(_ assignment: InstanceAssignment) async throws {
        try await client.send(.put, Self.path(assignment.id), body: assignment)
    }

    public func release(_ id: InstanceID) async throws {
        try await client.send(.delete, Self.path(id))
    }

    public func perform(_ order: InstanceOrder, on id: InstanceID) async throws {
        try await client.send(.post, Self.path(id) + "/\(order.rawValue)")
    }

    public func status() async throws -> WorkerStatus {
        var status: WorkerStatus = try await client.call(.get, "/v1/status", timeout: .seconds(2))
        status.address = client.base
        return status
    }

    public func logs(of id: InstanceID, after line: Int, limit: Int) async throws -> LogPage {
        try await client.call(.get, Self.path(id) + "/logs?after=\(line)&limit=\(limit)")
    }

    public func describe(_ id: InstanceID) async throws -> InstanceDescription {
        try await client.call(.get, Self.path(id))
    }

    private static func path(_ id: InstanceID) -> String { "/v1/instances/\(PercentCoding.encode(id.text))" }
}
