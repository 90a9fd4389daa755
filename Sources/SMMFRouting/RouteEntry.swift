// SPDX-License-Identifier: MIT

public import SMMFCore

/// One public model name and what answers for it: groups of instances, tried in order.
public final class RouteEntry: Sendable {
    /// Whether a request can be sent now, or later, or not at all.
    public enum Availability: Sendable, Hashable {
        /// At least one group has an instance that serves.
        case serving
        /// None serves, but one is on its way; the text says how far it is.
        case comingUp(String)
        /// None serves and none will without help; the text says why.
        case unavailable(String)
    }

    public let name: ModelName
    public let kind: ModelKind
    public let groups: [RouteGroup]
    /// How requests go to the groups; one after the other when nil.
    public let plan: RoutePlan?
    public let availability: Availability
    /// The models behind it that are loaded on demand, so that the controller wants to know who asks; itself, or those that
    /// it stands for.
    public let onDemand: [ModelName]
    /// Inputs of one embedding or rerank request that each of its instances takes; any number when nil.
    public let batchLimit: Int?
    /// With so many requests of a loop at the model at once, further small ones are put together; nil for never.
    public let gatherAbove: Int?
    /// When it is likely to serve, where something tells of one that is on its way.
    public let readyAt: Timestamp?
    /// How many seconds it took to load the last time.
    public let loadSeconds: Int?
    /// Whether somebody who asks for it may have it loaded.
    public var isOnDemand: Bool { !onDemand.isEmpty }

    /// Creates an entry; its availability is `serving` when any group has an instance.
    public init(
        name: ModelName,
        kind: ModelKind,
        groups: [RouteGroup],
        plan: RoutePlan? = nil,
        otherwise: Availability,
        onDemand: [ModelName] = [],
        readyAt: Timestamp? = nil,
        loadSeconds: Int? = nil
    ) {
        self.name = name
        self.kind = kind
        self.groups = groups
        self.plan = plan
        self.onDemand = onDemand
        self.readyAt = readyAt
        self.loadSeconds = loadSeconds
        batchLimit = groups.lazy.flatMap(\.instances).compactMap(\.batchLimit).min()
        // Where one of several kinds of instance gains nothing, nothing is gathered.
        let widths = groups.lazy.flatMap(\.instances).map(\.gatherAbove)
        gatherAbove = widths.contains(nil) ? nil : widths.compactMap { $0 }.reduce(nil) { ($0 ?? 0) + $1 }
        self.availability = groups.contains { !$0.instances.isEmpty } ? .serving : otherwise
    }
}

extension RouteEntry {
    /// Nobody is sent away for longer, in seconds.
    private static let longestWait: Int64 = 600

    /// In how many seconds a client that was sent away may come again: when it is likely to serve, else at once, as it would
    /// be held again.
    public func retryAfter(at now: Timestamp) -> Int {
        let (left, overflow) = (readyAt?.milliseconds ?? now.milliseconds)
            .subtractingReportingOverflow(now.milliseconds)
        let seconds = readyAt == nil ? Int64(loadSeconds ?? 1) : overflow ? 1 : left / 1000 + 1
        return Int(min(max(seconds, 1), Self.longestWait))
    }
}
