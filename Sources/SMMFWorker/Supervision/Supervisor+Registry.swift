// SPDX-License-Identifier: MIT

import Logging
import SMMFCore

/// Something to tell the registry.
enum RegistryErrand: Sendable {
    case announce(Instance)
    case withdraw(InstanceID)
}

extension Supervisor {
    /// More than this can only mean a registry that does not answer; the heartbeat makes good what is dropped.
    private static let outboxLimit = 4096
    private static let withdrawalLimit = 4096

    /// Writes an instance's present row to the registry, after everything that was written before.
    func announce(_ id: InstanceID) {
        guard instances[id] != nil else { return }
        instances[id]?.version += 1
        guard let row = instances[id]?.row(worker: parts.id) else { return }
        post(.announce(row))
    }

    func post(_ errand: RegistryErrand) {
        if outbox.count == Self.outboxLimit { drop(outbox.removeFirst()) }
        outbox.append(errand)
        guard !isPosting else { return }
        isPosting = true
        Task { await emptyOutbox() }
    }

    private func emptyOutbox() async {
        while !outbox.isEmpty {
            let errand = outbox.removeFirst()
            do throws(RegistryError) {
                switch errand {
                case .announce(let row):
                    try await parts.registry.announce(row, lease: parts.settings.lease)
                case .withdraw(let id):
                    try await parts.registry.withdraw(id)
                }
            } catch {
                note(error, of: errand)
            }
        }
        isPosting = false
        noteProgressOfLeaving()
    }

    private func note(_ error: RegistryError, of errand: RegistryErrand) {
        if case .announce(let row) = errand, case .outdated(let version) = error, let own = instances[row.id]?.version {
            // A row from before a restart of this worker is newer by number only.
            instances[row.id]?.version = max(own, version)
        }
        drop(errand)
        parts.logger.warning("the registry did not take a change", metadata: ["error": "\(error)"])
    }

    /// Leaves an errand to the next heartbeat.
    private func drop(_ errand: RegistryErrand) {
        switch errand {
        case .announce(let row): instances[row.id]?.needsAnnouncement = true
        case .withdraw(let id): if withdrawals.count < Self.withdrawalLimit { withdrawals.insert(id) }
        }
    }

    /// Renews leases until it is cancelled.
    func keepLeases() async {
        while (try? await parts.clock.sleep(for: parts.settings.heartbeat)) != nil {
            await beat()
        }
    }

    private func beat() async {
        let unknown: [InstanceID]
        do throws(RegistryError) {
            unknown = try await parts.registry.renew(instances.keys.sorted(), lease: parts.settings.lease)
        } catch {
            parts.logger.warning("the registry did not take a heartbeat", metadata: ["error": "\(error)"])
            return
        }
        let lost = Set(unknown)
        for id in instances.keys.sorted() where lost.contains(id) || instances[id]?.needsAnnouncement == true {
            instances[id]?.needsAnnouncement = false
            announce(id)
        }
        let withdrawn = withdrawals.sorted()
        withdrawals = []
        for id in withdrawn where instances[id] == nil { post(.withdraw(id)) }
    }
}
