// SPDX-License-Identifier: MIT

/// Everything that a worker knows of an instance, for people who ask how it is and why.
public struct InstanceDescription: Sendable, Hashable, Codable {
    /// A state that it was in.
    public struct Step: Sendable, Hashable, Codable {
        public var state: InstanceState
        public var since: Timestamp
        public var detail: String?

        /// Creates a step.
        public init(state: InstanceState, since: Timestamp, detail: String? = nil) {
            self.state = state
            self.since = since
            self.detail = detail
        }
    }

    public var instance: Instance
    /// The command of its present or last run: program and arguments, with secrets hidden; empty before the first.
    public var command: [String]
    /// Variables that its processes were given beside the worker's own, with secrets hidden.
    public var environment: [String: String]
    /// What it was asked to keep to.
    public var limits: ResourceLimits
    /// What it was given, while it runs.
    public var allotment: Allotment?
    /// Bytes of graphics memory that its processes hold, by the card's number.
    public var deviceMemory: [Int: Int]?
    /// Where its output is kept.
    public var logFile: String
    /// The states that it was in, oldest first, at most ``historyLimit``.
    public var history: [Step]

    enum CodingKeys: String, CodingKey {
        case instance, command, environment, limits, allotment, history
        case deviceMemory = "device_memory"
        case logFile = "log_file"
    }

    /// The most states that are kept.
    public static let historyLimit = 50

    /// Creates a description of an instance that has not run yet.
    public init(
        instance: Instance,
        command: [String] = [],
        environment: [String: String] = [:],
        limits: ResourceLimits = ResourceLimits(),
        allotment: Allotment? = nil,
        deviceMemory: [Int: Int]? = nil,
        logFile: String = "",
        history: [Step] = []
    ) {
        self.instance = instance
        self.command = command
        self.environment = environment
        self.limits = limits
        self.allotment = allotment
        self.deviceMemory = deviceMemory
        self.logFile = logFile
        self.history = history
    }
}
