// SPDX-License-Identifier: MIT

/// A worker as the controller sees it: the worker role itself in the same process, or its control API across a network.
///
/// Every call is idempotent, so that the controller may repeat it until the world is as desired.
public protocol WorkerAgent: Sendable {
    /// Starts to hold an instance; returns at once, its states appear in the registry and in ``status()``.
    func assign(_ assignment: InstanceAssignment) async throws
    /// Drains and ends an instance; unknown ids are already gone.
    func release(_ id: InstanceID) async throws
    /// Carries out what a person asks of an instance; throws ``SMMFError`` when the id is unknown.
    func perform(_ order: InstanceOrder, on id: InstanceID) async throws
    /// What the worker holds now.
    func status() async throws -> WorkerStatus
    /// Output lines after number `line`, at most `limit`; throws ``SMMFError`` when the id is unknown.
    func logs(of id: InstanceID, after line: Int, limit: Int) async throws -> LogPage
    /// Everything about one instance; throws ``SMMFError`` when the id is unknown.
    func describe(_ id: InstanceID) async throws -> InstanceDescription
}
