// SPDX-License-Identifier: MIT

/// The desired state of one model.
public struct Deployment: Sendable, Hashable, Codable {
    /// Whether instances should run.
    public enum Desired: String, Sendable, Hashable, Codable {
        case online, offline
    }

    public var name: ModelName
    public var kind: ModelKind
    public var backend: Backend
    public var replicas: Replicas
    /// The routing policy's name, such as `least-load`.
    public var policy: String
    public var desired: Desired
    /// Loaded by the first request that asks for it, and unloaded when nobody has asked for so many seconds; always loaded
    /// when nil.
    public var unloadAfter: Int?
    /// Whether a model on demand stays in memory, for as long as it is used, whoever else wants it.
    public var isPinned: Bool
    /// Whether an instance that is unloaded keeps its process, and serves again sooner, at the price of the memory that it
    /// keeps; for engines that can.
    public var parks: Bool
    /// Inputs of one embedding or rerank request that an instance takes; what has more is sent in parts. The engine's own
    /// limit when nil.
    public var batchLimit: Int?
    /// With so many requests at an instance at once, further small embedding requests are put together. The engine's own
    /// measure when nil.
    public var gatherAbove: Int?
    /// Grows with each change that instances must take over; an instance of an older generation is replaced.
    public var generation: UInt64
    /// True when the configuration file owns it: it follows the file, and the API changes only `desired`.
    public var isFromFile: Bool

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, kind, backend, replicas, policy, desired, generation
        case isFromFile = "from_file"
        case unloadAfter = "unload_after"
        case isPinned = "pinned"
        case parks = "park"
        case batchLimit = "batch_limit"
        case gatherAbove = "gather_above"
    }

    /// The policy of a deployment that names none.
    public static let defaultPolicy = "least-load"

    /// Creates a deployment of generation 1.
    public init(
        name: ModelName,
        kind: ModelKind = .language,
        backend: Backend,
        replicas: Replicas = .one,
        policy: String = Self.defaultPolicy,
        desired: Desired = .online,
        unloadAfter: Int? = nil,
        isPinned: Bool = false,
        parks: Bool = false,
        batchLimit: Int? = nil,
        gatherAbove: Int? = nil,
        generation: UInt64 = 1,
        isFromFile: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.backend = backend
        self.replicas = replicas
        self.policy = policy
        self.desired = desired
        self.unloadAfter = unloadAfter
        self.isPinned = isPinned
        self.parks = parks
        self.batchLimit = batchLimit
        self.gatherAbove = gatherAbove
        self.generation = generation
        self.isFromFile = isFromFile
    }

    /// Whether `other` asks for the same thing, generation, ownership and desired state aside.
    public func hasSameSpecification(as other: Deployment) -> Bool {
        name == other.name && kind == other.kind && backend == other.backend && replicas == other.replicas
            && policy == other.policy && unloadAfter == other.unloadAfter && isPinned == other.isPinned
            && parks == other.parks
            && batchLimit == other.batchLimit && gatherAbove == other.gatherAbove
    }
}
