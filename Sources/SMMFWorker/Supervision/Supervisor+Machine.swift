// SPDX-License-Identifier: MIT

import SMMFCore

extension Supervisor {
    /// Between looks at the graphics cards.
    private static let deviceInterval: Duration = .seconds(10)

    /// Gives an instance what it asks for of the machine, and puts it into its plan. Throws before anything is started.
    func allot(_ assignment: InstanceAssignment, to plan: inout LaunchPlan) async throws(InstanceFailure)
        -> ProcessLimits
    {
        let wanted = assignment.spec.limits
        guard !wanted.isEmpty else { return ProcessLimits() }
        if wanted.devices != nil, devices.isEmpty { await lookAtDevices() }
        let allotment = try desk.take(wanted, for: assignment.id, devices: devices)
        if let chosen = allotment.devices {
            plan.environment[parts.devices.visibility] = chosen.map(String.init).joined(separator: ",")
            // CUDA counts the fastest card first unless it is told to count as everybody else does.
            plan.environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
        }
        var limits = ProcessLimits(cores: allotment.cores, niceness: allotment.niceness)
        if let megabytes = wanted.memory {
            let bytes = megabytes << 20
            limits.group = groups?.make(assignment.id.text, limit: bytes)
            if limits.group == nil { limits.data = bytes }
            desk.note(memory: bytes, by: limits.group == nil ? .eachProcess : .controlGroup, of: assignment.id)
        }
        return limits
    }

    /// Keeps the picture of the graphics cards fresh until it is cancelled; one look is enough where there are none.
    func keepDevices() async {
        await lookAtDevices()
        while !devices.isEmpty, (try? await parts.clock.sleep(for: Self.deviceInterval)) != nil {
            await lookAtDevices()
        }
    }

    /// Measures what instances that serve hold of the cards, and takes the most that was seen; one that is parked is measured
    /// when it was. Returns those of which something new is known.
    func measureCards() async -> [InstanceID] {
        guard !devices.isEmpty, instances.values.contains(where: { $0.life.state == .ready }) else { return [] }
        let use = await parts.devices.use()
        await lookAtDevices()
        var changed: [InstanceID] = []
        for (id, instance) in instances where instance.life.state == .ready {
            guard let bytes = trusted(deviceMemory(of: instance, use), use) else { continue }
            let most = bytes.merging(instance.cardMemory ?? [:], uniquingKeysWith: max)
            guard most != instance.cardMemory else { continue }
            instances[id]?.cardMemory = most
            changed.append(id)
        }
        return changed
    }

    /// What an instance holds of the cards now; nil where nothing tells.
    func measuredCards(of id: InstanceID) async -> [Int: Int]? {
        guard !devices.isEmpty else { return nil }
        let use = await parts.devices.use()
        await lookAtDevices()
        return instances[id].flatMap { trusted(deviceMemory(of: $0, use), use) }
    }

    /// So much of a card may be in use by its driver alone.
    private static let idleUse = 1 << 30

    /// That an instance holds nothing is believed only where the tool shows processes of this machine: in a container it
    /// numbers them as the machine outside does, or shows none.
    private func trusted(_ bytes: [Int: Int]?, _ use: [DeviceUse]) -> [Int: Int]? {
        guard let bytes else { return nil }
        if bytes.values.contains(where: { $0 > 0 }) { return bytes }
        let isIdle = use.isEmpty && devices.allSatisfy { $0.used.map { $0 < Self.idleUse } ?? false }
        let own = instances.values.reduce(into: Set<Int32>()) { $0.formUnion($1.process?.family() ?? []) }
        return isIdle || use.contains { own.contains($0.processID) } ? [:] : nil
    }

    func lookAtDevices() async {
        let found = await parts.devices.devices()
        // A tool that failed for once does not make the cards go.
        if !found.isEmpty { devices = found }
    }

    /// Bytes that an instance's processes hold on each card; nil without cards.
    func deviceMemory(of instance: SupervisedInstance, _ use: [DeviceUse]) -> [Int: Int]? {
        guard !devices.isEmpty, let process = instance.process else { return nil }
        let own = process.family()
        var bytes: [Int: Int] = [:]
        for entry in use where own.contains(entry.processID) {
            guard let device = devices.first(where: { $0.uuid == entry.device }) else { continue }
            bytes[device.index, default: 0] += entry.bytes ?? 0
        }
        return bytes
    }
}
