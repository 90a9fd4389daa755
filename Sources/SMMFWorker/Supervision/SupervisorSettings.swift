// SPDX-License-Identifier: MIT

public import SMMFCore

/// How often a worker looks, and how long it waits.
public struct SupervisorSettings: Sendable, Hashable {
    /// The deadlines and pauses of each instance's life.
    public var lifecycle = InstanceLifecycle.Settings()
    /// How long the registry keeps a row without hearing from the worker.
    public var lease: Duration = .seconds(10)
    /// Between renewals of the leases.
    public var heartbeat: Duration = .seconds(3)
    /// Between looks at the load of instances that serve.
    public var loadInterval: Duration = .seconds(3)
    /// Between the first looks at whether a starting engine answers; doubles up to ``longestAnswerPause``.
    public var firstAnswerPause: Duration = .milliseconds(50)
    public var longestAnswerPause: Duration = .seconds(1)
    /// How long after `draining` was announced the routers may still send requests.
    public var drainNotice: Duration = .seconds(1)
    /// Between looks at whether an instance has finished its requests.
    public var drainLook: Duration = .milliseconds(250)
    /// What stands in for those looks where the engine does not tell its load.
    public var settledWait: Duration = .seconds(2)
    /// For how long an engine that uses the processor and shows no other progress counts as busy.
    public var busyAllowance: Duration = .seconds(600)
    /// How much longer than its grace a process may take to end before its guard is given up.
    public var guardPatience: Duration = .seconds(10)

    /// The defaults above.
    public init() {}
}
