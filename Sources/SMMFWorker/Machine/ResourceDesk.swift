// SPDX-License-Identifier: MIT

import SMMFCore

/// Gives the cores and cards of a machine to instances; a value. Cores asked for by number of them are those that fewest
/// have; cards asked for by number of them are nobody else's.
struct ResourceDesk: Sendable {
    private let cores: [Int]
    private var given: [InstanceID: Allotment] = [:]

    init(cores: [Int]) {
        self.cores = cores
    }

    /// What an instance has; nil when it has not asked.
    func allotment(of id: InstanceID) -> Allotment? { given[id] }

    /// Notes how an instance's memory is bounded.
    mutating func note(memory: Int, by memoryGuard: Allotment.MemoryGuard, of id: InstanceID) {
        given[id]?.memory = memory
        given[id]?.memoryGuard = memoryGuard
    }

    /// Takes what an instance had back.
    mutating func giveBack(_ id: InstanceID) { given[id] = nil }

    /// Gives an instance what it asks for, in place of what it had. `devices` are the machine's cards.
    ///
    /// Throws ``InstanceFailure`` that names the field when the machine has no such thing, or others have it.
    mutating func take(
        _ limits: ResourceLimits,
        for id: InstanceID,
        devices: [Device]
    ) throws(InstanceFailure) -> Allotment {
        given[id] = nil
        let allotment = Allotment(
            cores: try pickCores(limits.cores),
            devices: try pickDevices(limits.devices, among: devices),
            niceness: limits.niceness
        )
        given[id] = allotment
        return allotment
    }

    private func pickCores(_ request: CoreRequest?) throws(InstanceFailure) -> [Int]? {
        switch request {
        case nil: return nil
        case .list(let wanted):
            if let missing = wanted.first(where: { !cores.contains($0) }) {
                throw Self.refusal("cores", "names core \(missing), and this worker has \(CoreRequest.text(cores))")
            }
            return wanted
        case .count(let count):
            guard count <= cores.count else {
                throw Self.refusal("cores", "asks for \(count) cores, and this worker has \(cores.count)")
            }
            var users: [Int: Int] = [:]
            for core in given.values.flatMap({ $0.cores ?? [] }) { users[core, default: 0] += 1 }
            return cores.sorted { (users[$0, default: 0], $0) < (users[$1, default: 0], $1) }.prefix(count).sorted()
        }
    }

    private func pickDevices(_ request: DeviceRequest?, among devices: [Device]) throws(InstanceFailure) -> [Int]? {
        guard let request else { return nil }
        guard !devices.isEmpty else {
            throw Self.refusal("devices", "asks for \(request), and this machine shows no graphics card")
        }
        switch request {
        case .list(let names):
            var chosen: [Int] = []
            for name in names {
                guard let device = devices.first(where: { "\($0.index)" == name || $0.uuid == name }) else {
                    let known = devices.map { "\($0.index)" }.joined(separator: ", ")
                    throw Self.refusal("devices", "names \(name), and this machine has \(known)")
                }
                chosen.append(device.index)
            }
            return chosen
        case .count(let count):
            guard count <= devices.count else {
                throw Self.refusal("devices", "asks for \(count) cards, and this machine has \(devices.count)")
            }
            let taken = Set(given.values.flatMap { $0.devices ?? [] })
            let free = devices.map(\.index).filter { !taken.contains($0) }
            guard count <= free.count else {
                let holders = given.filter { !($0.value.devices ?? []).isEmpty }.map(\.key.text).sorted()
                throw InstanceFailure(
                    .resourcesTaken,
                    "limits.devices asks for \(count) of \(devices.count) cards, and \(free.count) are free; the others "
                        + "belong to \(holders.prefix(4).joined(separator: ", ")).",
                    nextStep: "It is tried again by itself; stop another model, or ask for fewer cards."
                )
            }
            return Array(free.prefix(count))
        }
    }

    private static func refusal(_ field: String, _ why: String) -> InstanceFailure {
        InstanceFailure(
            .badArgument,
            "limits.\(field) \(why).",
            nextStep: "Correct limits.\(field) in the deployment."
        )
    }
}
