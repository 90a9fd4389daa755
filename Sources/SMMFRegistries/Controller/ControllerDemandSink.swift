// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore

/// Reports demand to the controller in another process, through its API.
public struct ControllerDemandSink: DemandSink {
    private let client: ControlClient

    /// Creates a sink at the controller that `client` calls.
    public init(client: ControlClient) { self.client = client }

    public func note(_ report: DemandReport) async throws { try await client.send(.post, "/v1/demand", body: report) }
}
