// SPDX-License-Identifier: MIT

import SMMFCore

extension Supervisor {
    /// Asks until a starting engine answers, at first often, then once a second.
    func watchForAnswer(_ id: InstanceID, run: Int) async {
        guard let (plan, endpoint) = target(id, run: run) else { return }
        var pause = parts.settings.firstAnswerPause
        while !Task.isCancelled {
            if await parts.probe.isReady(endpoint, path: plan.readyPath), await serves(plan, at: endpoint) {
                handle(.answered, for: id, run: run)
                return
            }
            guard (try? await parts.clock.sleep(for: pause)) != nil else { return }
            pause = min(pause * 2, parts.settings.longestAnswerPause)
        }
    }

    /// Whether the model list has the name. Another program may have taken the port in the moment before the engine
    /// opened it, and would answer in its place until the engine gives up. An engine without a list is believed.
    private func serves(_ plan: LaunchPlan, at endpoint: Endpoint) async -> Bool {
        guard plan.isListed, let list = await parts.probe.text(endpoint, path: "/v1/models") else { return true }
        return list.replacing("\\/", with: "/").contains("\"\(plan.servedName)\"")
    }

    /// Finds out whether an instance works, and reports it to its life.
    func look(at id: InstanceID, run: Int) async {
        guard let failure = await findFailure(of: id, run: run) else {
            if !Task.isCancelled { handle(.probed(nil), for: id, run: run) }
            return
        }
        if !Task.isCancelled { handle(.probed(failure), for: id, run: run) }
    }

    private func findFailure(of id: InstanceID, run: Int) async -> InstanceFailure? {
        guard let (plan, endpoint) = target(id, run: run), let instance = instances[id] else { return nil }
        let kind = instance.assignment.kind
        guard instance.life.state != .warming, instance.life.state != .waking else {
            return await parts.probe.firstToken(endpoint, of: plan, kind: kind)
        }
        let isReady = await parts.probe.isReady(endpoint, path: plan.readyPath)
        let load = isReady ? await readLoad(of: id, run: run) : nil
        guard instances[id]?.run == run, var health = instances[id]?.health else { return nil }
        let verdict = health.judge(isReady: isReady, load: load, at: uptime())
        instances[id]?.health = health
        guard verdict == .askForToken else { return nil }
        let failure = await parts.probe.firstToken(endpoint, of: plan, kind: kind)
        guard instances[id]?.run == run, var health = instances[id]?.health else { return nil }
        defer { instances[id]?.health = health }
        guard let failure else {
            health.tokenCame(at: uptime())
            return nil
        }
        return health.isBusy(processorTime: instances[id]?.process?.processorTime(), at: uptime()) ? nil : failure
    }

    /// Waits until an instance that was taken out of service has finished what it had, as far as the engine tells.
    func awaitDrain(_ id: InstanceID, run: Int) async {
        let settings = parts.settings
        guard (try? await parts.clock.sleep(for: settings.drainNotice)) != nil else { return }
        var quietLooks = 0
        while !Task.isCancelled, quietLooks < 2 {
            let toldBefore = instances[id]?.load != nil
            let load = await readLoad(of: id, run: run)
            if load == nil, !toldBefore {
                guard (try? await parts.clock.sleep(for: settings.settledWait)) != nil else { return }
                break
            }
            quietLooks = load.map { $0.running == 0 && $0.waiting == 0 } == true ? quietLooks + 1 : 0
            guard quietLooks < 2, (try? await parts.clock.sleep(for: settings.drainLook)) != nil else { break }
        }
        if !Task.isCancelled { handle(.drained, for: id, run: run) }
    }

    /// Keeps the load records of serving instances fresh until it is cancelled.
    func keepLoads() async {
        var looks = 0
        while (try? await parts.clock.sleep(for: parts.settings.loadInterval)) != nil {
            looks += 1
            // Memory moves slowly, and a look at it goes through all processes of the machine.
            if looks.isMultiple(of: Self.looksPerMemory) {
                readMemory()
                for id in await measureCards() { announce(id) }
            }
            let serving = instances.values.filter { $0.life.state == .ready && $0.plan?.loadPath != nil }
            await withTaskGroup(of: Void.self) { group in
                for instance in serving {
                    let (id, run, before) = (instance.assignment.id, instance.run, instance.load)
                    group.addTask {
                        guard let load = await self.readLoad(of: id, run: run), load != before else { return }
                        await self.announce(id)
                    }
                }
            }
        }
    }

    /// Looks between which the memory of instances is not read.
    private static let looksPerMemory = 5

    /// An engine takes more when it works than when it has just come up.
    private func readMemory() {
        for (id, instance) in instances where instance.life.state == .ready {
            guard let memory = instance.process?.memory(), memory > instance.memory ?? 0 else { continue }
            instances[id]?.memory = memory
            announce(id)
        }
    }

    /// Asks an engine for its load and keeps the answer; nil when it gives none.
    private func readLoad(of id: InstanceID, run: Int) async -> LoadRecord? {
        guard let (plan, endpoint) = target(id, run: run), let path = plan.loadPath,
            let engine = parts.engines.first(where: { $0.name == instances[id]?.assignment.spec.engine }),
            let text = await parts.probe.text(endpoint, path: path), let load = engine.load(from: text)
        else { return nil }
        if instances[id]?.run == run, instances[id]?.process != nil { instances[id]?.load = load }
        return load
    }

    func target(_ id: InstanceID, run: Int) -> (plan: LaunchPlan, endpoint: Endpoint)? {
        guard let instance = instances[id], instance.run == run, let plan = instance.plan,
            let endpoint = instance.endpoint
        else { return nil }
        return (plan, endpoint)
    }
}
