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

    private func lookAtDevices() async {
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
