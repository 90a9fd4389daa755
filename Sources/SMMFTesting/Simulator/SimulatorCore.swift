// SPDX-License-Identifier: MIT

import NIOCore

/// What the connections of a simulated engine share: the script, the counts, and who waits for what.
final class SimulatorCore: Sendable {
    typealias Ticket = SimulatorLedger.Ticket

    /// A script that can be compared by identity, for caches of plans.
    final class Version: Sendable {
        let script: SimulatorScript
        init(_ script: SimulatorScript) { self.script = script }
    }

    struct State {
        var version: Version
        var faultsLeft: Int
        var ledger = SimulatorLedger()
        /// What to call when a slot is free, and when the test lets held requests go on.
        var waiting: [Ticket: @Sendable () -> Void] = [:]
        var held: [Ticket: @Sendable () -> Void] = [:]
        var records: [SimulatorRecord] = []
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    /// As it was at the start.
    let start: SimulatorScript
    let room: WaitRoom<State>
    private let ballast = SimulatorBallast()

    init(_ script: SimulatorScript) {
        start = script
        room = WaitRoom(State(version: Version(script), faultsLeft: script.faultCount), limit: 1_024)
        ballast.follow(script)
    }

    var version: Version { room.change { $0.version } }
    var stats: SimulatorStats { room.change { $0.ledger.stats } }

    func use(_ script: SimulatorScript) {
        wake { state in
            state.version = Version(script)
            state.faultsLeft = script.faultCount
        }
        ballast.follow(script)
    }

    /// Changes the script in force.
    func change(_ body: @Sendable (inout SimulatorScript) -> Void) {
        room.change { state in
            var script = state.version.script
            body(&script)
            state.version = Version(script)
        }
        ballast.follow(version.script)
    }

    /// Notes in the script that nobody listens; connections that are just being accepted are reset then.
    func markRefusing() {
        room.change { state in
            var script = state.version.script
            script.refusing = true
            state.version = Version(script)
        }
    }

    /// Whether this request gets the engine's fault, where only some do.
    func takesFault(_ script: SimulatorScript) -> Bool {
        guard script.faultCount > 0 else { return true }
        return room.change { state in
            guard state.faultsLeft > 0 else { return false }
            state.faultsLeft -= 1
            return true
        }
    }

    // MARK: The life of a request

    func arrive(promptTokens: Int, whenAdmitted: @escaping @Sendable () -> Void) -> SimulatorLedger.Arrival {
        room.change { state in
            let script = state.version.script
            let arrival = state.ledger.arrive(
                promptTokens: promptTokens,
                slots: script.slots,
                queueLimit: script.queueLimit
            )
            if case .waits(let ticket) = arrival { state.waiting[ticket] = whenAdmitted }
            return arrival
        }
    }

    func leave(_ ticket: Ticket, _ outcome: SimulatorLedger.Outcome, tokens: Int) {
        wake { state in
            state.ledger.send(tokens: tokens)
            state.ledger.leave(ticket, outcome)
            if !state.waiting.isEmpty { state.waiting[ticket] = nil }
            if !state.held.isEmpty { state.held[ticket] = nil }
        }
    }

    func refuse() { room.change { $0.ledger.refuse() } }
    func send(tokens: Int) { room.change { $0.ledger.send(tokens: tokens) } }
    func hang(_ ticket: Ticket) { room.change { $0.ledger.hang(ticket) } }

    func hold(_ ticket: Ticket, whenReleased: @escaping @Sendable () -> Void) {
        room.change { state in
            state.ledger.hold(ticket)
            state.held[ticket] = whenReleased
        }
    }

    func release() {
        let callbacks = room.change { state in
            for ticket in state.held.keys { state.ledger.unhold(ticket) }
            defer { state.held = [:] }
            return state.held.sorted { $0.key < $1.key }.map(\.value)
        }
        for callback in callbacks { callback() }
    }

    // MARK: Connections and records

    func connect(_ channel: any Channel) {
        room.change { state in
            state.ledger.connect()
            state.channels[ObjectIdentifier(channel)] = channel
        }
    }

    func disconnect(_ channel: any Channel) {
        room.change { state in
            state.ledger.disconnect()
            state.channels[ObjectIdentifier(channel)] = nil
        }
    }

    func record(_ record: SimulatorRecord, limit: Int) {
        room.change { state in
            state.records.append(record)
            if state.records.count > limit { state.records.removeFirst(state.records.count - limit) }
        }
    }

    /// Changes the state, then calls those who got a slot by it.
    private func wake(_ change: (inout State) -> Void) {
        let callbacks = room.change { state in
            change(&state)
            return state.ledger.admitWaiting(slots: state.version.script.slots).compactMap {
                state.waiting.removeValue(forKey: $0)
            }
        }
        for callback in callbacks { callback() }
    }
}
