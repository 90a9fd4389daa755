// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore

/// Reports spending to the controller in another process, through its API.
public struct ControllerSpendingSink: SpendingSink {
    private let client: ControlClient

    /// Creates a sink at the controller that `client` calls.
    public init(client: ControlClient) { self.client = client }

    public func add(_ report: SpendingReport) async throws -> [KeySpent] {
        try await client.call(.post, "/v1/spending", body: report)
    }
}
