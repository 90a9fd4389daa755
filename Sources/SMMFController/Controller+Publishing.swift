// SPDX-License-Identifier: MIT

import Logging
import SMMFCore

extension Controller {
    /// Writes to the registry what only the controller knows: model cards, and endpoints that somebody else runs.
    func publish() async {
        let cards = deployments.values.sorted { $0.name < $1.name }.map { deployment in
            var card = ModelCard(
                name: deployment.name,
                kind: deployment.kind,
                policy: deployment.policy,
                desired: deployment.desired,
                notice: notices[deployment.name]
            )
            if case .route(let spec) = deployment.backend {
                card.route = spec.models
                if spec.isSplit { card.routeWeights = spec.members.map { $0.weight ?? 0 } }
                card.routePreference = spec.preference
                card.spillAbove = spec.spillAbove
            }
            if deployment.unloadAfter != nil { card.isOnDemand = true }
            card.loadSeconds = loadSeconds(of: deployment.name)
            card.batchLimit = deployment.batchLimit
            card.gatherAbove = deployment.gatherAbove
            return card
        }
        do {
            try await registry.publish(cards)
            try await publishEndpoints()
        } catch {
            logger.warning("the registry does not take changes", metadata: ["smmf.error": "\(error)"])
        }
    }

    private func publishEndpoints() async throws(RegistryError) {
        let wanted = wantedEndpoints()
        for (id, row) in wanted {
            var row = row
            if let announced = announcedEndpoints[id] {
                row.version = announced.version
                row.since = announced.since
                if row == announced { continue }
                row.version += 1
            }
            do {
                try await registry.announce(row, lease: nil)
            } catch .outdated(let version) {
                // The row is from an earlier run of ours; ours is the newer truth.
                row.version = version + 1
                try await registry.announce(row, lease: nil)
            }
            announcedEndpoints[id] = row
        }
        for id in announcedEndpoints.keys where wanted[id] == nil {
            try await registry.withdraw(id)
            announcedEndpoints[id] = nil
        }
    }

    /// One ready row for each key of a provider's deployment.
    private func providerRows(_ spec: ProviderSpec, _ deployment: Deployment) -> [Instance] {
        guard let plan = catalogue.providers.first(where: { $0.name == spec.provider }),
            let endpoint = try? plan.endpoint(for: spec)
        else { return [] }
        let keys: [ProviderKey?] = spec.keys.isEmpty ? [nil] : spec.keys
        return keys.enumerated().map { index, key in
            let suffix = keys.count > 1 ? "#\(index + 1)" : ""
            var row = Instance(
                id: InstanceID("\(deployment.name)@\(spec.provider)\(suffix)"),
                model: deployment.name,
                kind: deployment.kind,
                endpoint: endpoint,
                state: .ready,
                generation: deployment.generation,
                since: wallClock()
            )
            row.servedName = spec.source
            row.dialect = plan.dialect == .openAI ? nil : plan.dialect
            row.batchLimit = deployment.kind == .language ? nil : plan.batchLimit
            row.weight = key.flatMap { $0.weight == 1 ? nil : $0.weight }
            row.access = ProviderAccess(provider: spec.provider, key: key?.secret)
            return row
        }
    }

    /// One ready row for each endpoint of each online deployment; whether it answers is for the circuit breaker to say.
    private func wantedEndpoints() -> [InstanceID: Instance] {
        var rows: [InstanceID: Instance] = [:]
        for deployment in deployments.values where deployment.desired == .online {
            if case .provider(let spec) = deployment.backend {
                for row in providerRows(spec, deployment) { rows[row.id] = row }
            }
            guard case .endpoints(let endpoints) = deployment.backend else { continue }
            for endpoint in endpoints {
                let id = InstanceID("\(deployment.name)@\(endpoint.authority)\(endpoint.path)")
                rows[id] = Instance(
                    id: id,
                    model: deployment.name,
                    kind: deployment.kind,
                    endpoint: endpoint,
                    state: .ready,
                    generation: deployment.generation,
                    since: wallClock()
                )
            }
        }
        return rows
    }
}
