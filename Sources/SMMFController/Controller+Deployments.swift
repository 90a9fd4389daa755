// SPDX-License-Identifier: MIT

public import SMMFCore

extension Controller {
    /// Every model, in the order of their names.
    public func models() -> [ModelStatus] { deployments.keys.sorted().compactMap { try? model($0) } }

    /// One model; throws ``SMMFError`` with the nearest names when there is none.
    public func model(_ name: ModelName) throws(SMMFError) -> ModelStatus {
        let deployment = try existing(name)
        let held = directory.statuses.flatMap(\.instances) + announcedEndpoints.values
        return ModelStatus(
            deployment: deployment,
            instances: held.filter { $0.model == name }.sorted { $0.id < $1.id },
            notice: notices[name]
        )
    }

    /// Adds a deployment or changes one; the same specification again changes nothing.
    public func deploy(_ asked: Deployment) async throws -> ModelStatus {
        let requested = try asked.unmasked(from: deployments[asked.name])
        let others = deployments.values.filter { $0.name != requested.name }
        try requested.validate(
            engines: catalogue.engines,
            parkingEngines: catalogue.parkingEngines,
            providers: catalogue.providers,
            policies: catalogue.policies,
            others: others
        )
        try await put(requested, isFromFile: false)
        return try model(requested.name)
    }

    /// Makes the deployments of the configuration file those of `declared`, and leaves the others alone. What was `found`
    /// counts as declared, unless a model of that name is there already.
    public func applyFile(_ declared: [Deployment], found: [Deployment] = []) async throws {
        let known = Set(declared.map(\.name) + deployments.values.filter { !$0.isFromFile }.map(\.name))
        let requested = declared + found.filter { !known.contains($0.name) }
        for deployment in requested {
            let others = requested.filter { $0.name != deployment.name } + deployments.values.filter { !$0.isFromFile }
            try deployment.validate(
                engines: catalogue.engines,
                parkingEngines: catalogue.parkingEngines,
                providers: catalogue.providers,
                policies: catalogue.policies,
                others: others
            )
        }
        for deployment in requested { try await put(deployment, isFromFile: true) }
        let names = Set(requested.map(\.name))
        for stale in deployments.values where stale.isFromFile && !names.contains(stale.name) {
            try await delete(stale.name, why: "removed, as it left the configuration file")
        }
    }

    private func put(_ requested: Deployment, isFromFile: Bool) async throws {
        var next = requested
        next.isFromFile = isFromFile
        if let present = deployments[requested.name] {
            if present.isFromFile && !isFromFile {
                throw SMMFError(
                    .conflict,
                    "\(requested.name) is owned by the configuration file, or was found by smmf serve.",
                    nextStep: "Change it there, choose another name, or run smmf serve --no-discover."
                )
            }
            let isSame = present.hasSameSpecification(as: requested)
            next.generation = isSame ? present.generation : present.generation + 1
            // The file says what a model is; whether it runs is the operator's word, and survives a restart.
            if isFromFile { next.desired = present.desired }
            if next == present { return }
        } else {
            next.generation = 1
        }
        try await store.save(next)
        let isNew = deployments[next.name] == nil
        deployments[next.name] = next
        record(next.name.text, isNew ? "deployed" : "changed to generation \(next.generation)")
        wake()
    }

    /// Removes a deployment and ends its instances.
    public func remove(_ name: ModelName) async throws {
        let deployment = try existing(name)
        if deployment.isFromFile {
            throw SMMFError(
                .conflict,
                "\(name) is owned by the configuration file, or was found by smmf serve.",
                nextStep:
                    "Remove it there, run smmf serve --no-discover, or take it offline with smmf model stop \(name)."
            )
        }
        let users = deployments.values.filter { other in
            guard case .route(let spec) = other.backend else { return false }
            return spec.models.contains(name)
        }
        if let user = users.first {
            throw SMMFError(.conflict, "\(name) is part of the route \(user.name).", nextStep: "Remove that first.")
        }
        try await delete(name, why: "removed")
    }

    private func delete(_ name: ModelName, why: String) async throws {
        try await store.remove(name)
        deployments[name] = nil
        notices[name] = nil
        record(name.text, why)
        wake()
    }

    /// Puts a model online or offline.
    public func setDesired(_ desired: Deployment.Desired, of name: ModelName) async throws -> ModelStatus {
        try await change(name, "set \(desired.rawValue)") { $0.desired = desired }
    }

    /// Replaces every instance: new ones start first, old ones leave when these serve.
    public func restart(_ name: ModelName) async throws -> ModelStatus {
        try await change(name, "restart asked for") { deployment in
            deployment.generation += 1
            deployment.desired = .online
        }
    }

    private func change(
        _ name: ModelName,
        _ what: String,
        _ edit: (inout Deployment) -> Void
    ) async throws -> ModelStatus {
        let present = try existing(name)
        var next = present
        edit(&next)
        if next != present {
            try await store.save(next)
            deployments[name] = next
            record(name.text, what)
            wake()
        }
        return try model(name)
    }

    private func existing(_ name: ModelName) throws(SMMFError) -> Deployment {
        if let deployment = deployments[name] { return deployment }
        let near = NameSuggestion.nearest(to: name.text, among: deployments.keys.map(\.text), limit: 3)
        throw SMMFError(
            .notFound,
            "There is no model \(name).",
            field: "name",
            nextStep: near.isEmpty
                ? "smmf model list shows what there is." : "Did you mean \(near.joined(separator: " or "))?"
        )
    }

    /// Every instance on every worker and every announced endpoint.
    public func instances() -> [Instance] {
        (directory.statuses.flatMap(\.instances) + announcedEndpoints.values).sorted { $0.id < $1.id }
    }

    /// The workers that are there.
    public func workers() -> [WorkerStatus] { directory.statuses }

    /// The output of an instance, from its worker.
    public func logs(of id: InstanceID, after line: Int, limit: Int) async throws -> LogPage {
        try await agent(holding: id).logs(of: id, after: line, limit: limit)
    }

    /// Everything about an instance, from its worker.
    public func describe(_ id: InstanceID) async throws -> InstanceDescription {
        try await agent(holding: id).describe(id)
    }

    /// Carries out what a person asks of one instance.
    public func perform(_ order: InstanceOrder, on id: InstanceID) async throws {
        try await agent(holding: id).perform(order, on: id)
        record(id.text, "\(order.rawValue) asked for")
        wake()
    }

    private func agent(holding id: InstanceID) throws(SMMFError) -> any WorkerAgent {
        let holder = directory.statuses.first { $0.instances.contains { $0.id == id } }
        guard let holder, let agent = agents[holder.id] else {
            throw SMMFError(.notFound, "No worker holds an instance \(id).", nextStep: "smmf model list shows them.")
        }
        return agent
    }

    /// Events with numbers greater than `number`.
    public func events(after number: Int) -> [ControlEvent] { events.after(number) }
}
