// SPDX-License-Identifier: MIT

package import SMMFCore
package import SMMFProviders
package import SMMFRouting

/// Makes the routing table of a registry's content. Keeps one load counter for each instance for as long as it is
/// known, so that a new table never forgets running requests.
package struct RoutingTableBuilder {
    private let policies: [String: any RoutingPolicy]
    private let fallback: any RoutingPolicy
    private let prices: PriceTable
    private var loads: [InstanceID: InstanceLoad] = [:]
    /// A rest belongs to a key: another key under the same id has not been refused yet.
    private var rests: [InstanceID: (access: ProviderAccess, rest: InstanceRest)] = [:]

    /// Creates a builder that knows these policies; one that a card names and nobody knows is replaced by the first.
    /// `prices` are for routes that prefer the cheap.
    package init(policies: [any RoutingPolicy], prices: PriceTable = PriceTable()) {
        self.prices = prices
        self.policies = Dictionary(policies.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.fallback = policies.first ?? LeastLoadPolicy()
    }

    /// The table for a view; `now` is for saying when models on their way will be there.
    package mutating func build(_ view: RegistryView, at now: Timestamp = Timestamp(milliseconds: 0)) -> RoutingTable {
        loads = loads.filter { view.instances[$0.key] != nil || $0.value.inFlight > 0 }
        rests = rests.filter { view.instances[$0.key] != nil }
        let byModel = Dictionary(grouping: view.instances.values.sorted { $0.id < $1.id }, by: \.model)
        var entries: [RouteEntry] = []
        for name in Set(view.cards.keys).union(byModel.keys).sorted() {
            // An instance without a card belongs to a worker that no controller speaks for: it serves as it is.
            let card = view.cards[name] ?? ModelCard(name: name, kind: byModel[name]?.first?.kind ?? .language)
            let members = card.route.isEmpty ? [name] : card.route
            let online = card.desired == .online
            let groups =
                online ? ordered(card, members.map { group($0, for: name, card: view.cards[$0], byModel) }) : []
            let others = members.flatMap { byModel[$0] ?? [] }
            let onDemand = members.filter {
                view.cards[$0].map { $0.isOnDemand == true && $0.desired == .online } ?? false
            }
            let notice = card.notice ?? onDemand.first.flatMap { view.cards[$0]?.notice }
            entries.append(
                RouteEntry(
                    name: name,
                    kind: card.kind,
                    groups: groups.map(\.group),
                    plan: RoutePlan(weights: groups.map(\.weight), spillAbove: card.spillAbove),
                    otherwise: Self.availability(card, notice, instances: others, isOnDemand: !onDemand.isEmpty),
                    onDemand: onDemand,
                    readyAt: Self.readyAt(others, Self.loadSeconds(members, view), at: now),
                    loadSeconds: Self.loadSeconds(members, view)
                )
            )
        }
        return RoutingTable(entries)
    }

    /// The groups that there are, in the order that the card asks for, with their shares.
    private func ordered(_ card: ModelCard, _ groups: [RouteGroup?]) -> [(group: RouteGroup, weight: Int?)] {
        let weights = card.routeWeights ?? []
        let present = groups.enumerated().compactMap { index, group -> (group: RouteGroup, weight: Int?)? in
            group.map { ($0, weights.indices.contains(index) ? weights[index] : nil) }
        }
        guard card.routePreference == .cost else { return present }
        return RouteCost.order(present.map { cost(of: $0.group) }).map { present[$0] }
    }

    private func cost(of group: RouteGroup) -> RouteCost {
        // Whom nobody asks for a key is one's own.
        guard let instance = group.instances.first, let access = instance.access, access.key != nil else {
            return .free
        }
        let upstream = instance.servedName ?? group.model.text
        guard let price = prices.price(of: upstream, at: access.provider) else { return .unknown }
        return .priced((3 * price.input + price.output) / 4)
    }

    private mutating func group(
        _ member: ModelName,
        for asked: ModelName,
        card: ModelCard?,
        _ byModel: [ModelName: [Instance]]
    ) -> RouteGroup? {
        guard card?.desired != .offline else { return nil }
        var targets: [RouteInstance] = []
        for instance in byModel[member] ?? [] where instance.state.isServing {
            // A controller gives providers' keys only to those who show a token.
            guard let endpoint = instance.endpoint, instance.access?.isWithheld != true else { continue }
            let load = loads[instance.id] ?? InstanceLoad()
            loads[instance.id] = load
            let rest = instance.access.map { sharedRest(of: instance.id, $0) }
            targets.append(
                RouteInstance(
                    id: instance.id,
                    endpoint: endpoint,
                    servedName: instance.servedName ?? (member == asked ? nil : member.text),
                    dialect: instance.dialect ?? .openAI,
                    batchLimit: card?.batchLimit ?? instance.batchLimit,
                    gatherAbove: card?.gatherAbove ?? instance.gatherAbove,
                    load: load,
                    weight: Int32(clamping: instance.weight ?? 1),
                    access: instance.access,
                    rest: rest
                )
            )
        }
        guard !targets.isEmpty else { return nil }
        let policy = card.flatMap { policies[$0.policy] } ?? fallback
        return RouteGroup(model: member, policy: policy, instances: targets)
    }

    private mutating func sharedRest(of id: InstanceID, _ access: ProviderAccess) -> InstanceRest {
        if let known = rests[id], known.access == access { return known.rest }
        let rest = InstanceRest()
        rests[id] = (access, rest)
        return rest
    }

    private static func loadSeconds(_ members: [ModelName], _ view: RegistryView) -> Int? {
        members.lazy.compactMap { view.cards[$0]?.loadSeconds }.first
    }

    /// When the first of the instances on their way is likely to serve: by what it shows of its progress, or by what the last
    /// load took.
    private static func readyAt(_ instances: [Instance], _ loadSeconds: Int?, at now: Timestamp) -> Timestamp? {
        let estimates = instances.compactMap { instance -> Int64? in
            guard instance.state == .starting || instance.state == .loading || instance.state == .warming else {
                return nil
            }
            let begun = instance.since.milliseconds
            if let progress = instance.progress, progress >= 0.05, progress <= 1, begun > 0, now.milliseconds > begun {
                return now.milliseconds + Int64(Double(now.milliseconds - begun) * (1 - progress) / progress)
            }
            return loadSeconds.map { begun + Int64($0) * 1000 }
        }
        return estimates.min().map { Timestamp(milliseconds: $0) }
    }

    private static func availability(
        _ card: ModelCard,
        _ notice: String?,
        instances: [Instance],
        isOnDemand: Bool
    ) -> RouteEntry.Availability {
        if card.desired == .offline {
            return .unavailable("it is offline; smmf model start \(card.name) brings it back")
        }
        if let withheld = instances.first(where: { $0.access?.isWithheld == true })?.access {
            return .unavailable(
                "the controller keeps the key of \(withheld.provider) from callers without a token; set server.token or "
                    + "SMMF_TOKEN for the controller and for this API server"
            )
        }
        if let rising = instances.first(where: { $0.state.isComingUp }) {
            let percent = rising.progress.map { ", \(Int($0 * 100)) %" } ?? ""
            return .comingUp("it is \(rising.state.rawValue)\(percent)\(rising.detail.map { ": \($0)" } ?? "")")
        }
        if let failed = instances.first(where: { $0.state == .failed }), let failure = failed.failure {
            let text = failure.message + (failure.nextStep.map { " " + $0 } ?? "")
            return failure.kind.isPermanent ? .unavailable(text) : .comingUp("it starts again after a failure: \(text)")
        }
        if let notice { return .unavailable(notice) }
        if isOnDemand, instances.contains(where: { $0.state == .parked || $0.state == .parking }) {
            return .comingUp("it is parked, and is woken as somebody asked for it")
        }
        if isOnDemand { return .comingUp("it is being loaded, as somebody asked for it") }
        return card.route.isEmpty ? .comingUp("it is about to start") : .unavailable("none of its models serves")
    }
}
