// SPDX-License-Identifier: MIT

/// One running copy of a model; one row in the registry.
public struct Instance: Sendable, Hashable, Codable, Identifiable {
    public var id: InstanceID
    public var model: ModelName
    public var kind: ModelKind
    /// The worker that runs it; nil where somebody else does.
    public var worker: WorkerID?
    /// Where it listens, once it does.
    public var endpoint: Endpoint?
    /// What its engine calls the model in requests, where that is not the model's own name.
    public var servedName: String?
    /// The words it speaks, where they are not OpenAI's.
    public var dialect: Dialect?
    /// Inputs of one embedding or rerank request that it takes; any number when nil.
    public var batchLimit: Int?
    /// With so many requests at it at once, further small embedding requests are better put together; nil where nothing is
    /// gained.
    public var gatherAbove: Int?
    /// How many requests it gets for each one of an instance of weight 1; 1 when nil.
    public var weight: Int?
    /// Whose rules and key it is called with, where it is a provider's.
    public var access: ProviderAccess?
    public var state: InstanceState
    /// How far a start has come, 0 to 1, where the engine tells.
    public var progress: Double?
    /// What it is doing now, in a few words.
    public var detail: String?
    /// Why it failed, or why it started again the last time.
    public var failure: InstanceFailure?
    /// The deployment's generation that it was started for.
    public var generation: UInt64
    /// Grows with each announcement by its owner; the registry refuses to go back.
    public var version: UInt64
    /// How often it was started again after a failure.
    public var restarts: Int
    /// True while a person's order keeps it out of service and nothing is to take its place: it restarts, or is offline.
    public var isKept: Bool?
    /// Whether it can be parked instead of ended.
    public var isParkable: Bool?
    public var processID: Int32?
    public var since: Timestamp
    public var load: LoadRecord?
    /// Bytes of main memory that its processes take, as last seen.
    public var memory: Int?
    /// Bytes of graphics memory that its processes take, by the card's number, as last seen; nil where nothing tells.
    public var cardMemory: [Int: Int]?

    /// Creates a pending instance; the owner fills in the rest as it happens.
    public init(
        id: InstanceID,
        model: ModelName,
        kind: ModelKind = .language,
        worker: WorkerID? = nil,
        endpoint: Endpoint? = nil,
        state: InstanceState = .pending,
        generation: UInt64 = 1,
        version: UInt64 = 1,
        since: Timestamp = Timestamp(milliseconds: 0)
    ) {
        self.id = id
        self.model = model
        self.kind = kind
        self.worker = worker
        self.endpoint = endpoint
        self.state = state
        self.generation = generation
        self.version = version
        self.restarts = 0
        self.since = since
    }
}
