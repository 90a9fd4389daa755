// SPDX-License-Identifier: MIT

import Logging
import SMMFCore

/// Having an engine give up its memory and take it back.
extension Supervisor {
    /// So many are remembered.
    private static let unparkableLimit = 1000

    /// Has the engine give up its memory, looks whether it did, and measures what it keeps.
    func park(_ id: InstanceID, run: Int) async {
        guard let (plan, endpoint) = target(id, run: run), let parking = plan.parking else { return }
        var failure: InstanceFailure?
        if let complaint = await parts.probe.call(endpoint, parking.park) {
            failure = Self.failure(.parkFailed, "The engine does not give up its memory: \(complaint)")
        } else if await isParked(id, parking, endpoint) == false {
            failure = Self.failure(.parkFailed, "The engine was told to give up its memory, and says that it did not.")
        }
        let cards = failure == nil ? await measuredCards(of: id) : nil
        guard instances[id]?.run == run, !Task.isCancelled else { return }
        if let failure {
            note(failure, of: id)
        } else {
            if let memory = instances[id]?.process?.memory() { instances[id]?.memory = memory }
            instances[id]?.cardMemory = cards
        }
        handle(.parkEnded(failure), for: id, run: run)
    }

    /// Has the engine take its memory back, and looks whether it did; a first token is asked for after that.
    func wake(_ id: InstanceID, run: Int) async {
        guard let (plan, endpoint) = target(id, run: run), let parking = plan.parking else { return }
        var failure: InstanceFailure?
        if let complaint = await parts.probe.call(endpoint, parking.wake) {
            failure = Self.failure(.wakeFailed, "The engine does not wake: \(complaint)")
        } else if await isParked(id, parking, endpoint) == true {
            failure = Self.failure(.wakeFailed, "The engine was woken, and says that it sleeps.")
        }
        guard !Task.isCancelled else { return }
        handle(.wakeEnded(failure), for: id, run: run)
    }

    /// What the engine says of itself; nil where it has no words for it, and what was told counts.
    private func isParked(_ id: InstanceID, _ parking: ParkingPlan, _ endpoint: Endpoint) async -> Bool? {
        guard let path = parking.statePath, let text = await parts.probe.text(endpoint, path: path) else { return nil }
        let name = instances[id]?.assignment.spec.engine
        let engine = parts.engines.first { $0.name == name } as? any ParkingEngine
        return engine?.isParked(from: text)
    }

    /// Remembers that what an instance runs cannot be parked, where that is the reason.
    func note(_ failure: InstanceFailure, of id: InstanceID) {
        guard failure.kind == .parkFailed || failure.kind == .wakeFailed, let instance = instances[id] else { return }
        if unparkable.count < Self.unparkableLimit { unparkable.insert(instance.assignment.spec) }
        instance.log.append(["smmf: \(failure.message)"])
        parts.logger.warning(
            "an instance cannot be parked",
            metadata: ["smmf.instance": "\(id)", "smmf.failure": "\(failure.message)"]
        )
    }

    private static func failure(_ kind: InstanceFailure.Kind, _ message: String) -> InstanceFailure {
        InstanceFailure(
            kind,
            message,
            nextStep: "Nothing to do: it is ended instead of parked from now on. Deploy the model without park."
        )
    }
}
