// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

/// The machine in a small world that does what its actions ask for, in every order that the real one could.
@Suite("Any life of an instance")
struct InstanceLifecyclePropertyTests {
    /// A world with one process at most, timers, and questions whose answers are still out.
    struct World {
        enum Process: Equatable { case none, launching, running, ending }

        var life = InstanceLifecycle()
        var process = Process.none
        var timers: Set<InstanceLifecycle.Timer> = []
        var awaitsAnswer = false
        var probes = 0
        var awaitsDrain = false
        /// Calls to the engine whose answers are still out.
        var parkCalls = 0
        var wakeCalls = 0
        var ends = 0
        var faults: [String] = []

        /// What could happen next by itself.
        var possible: [InstanceLifecycle.Event] {
            var events: [InstanceLifecycle.Event] = timers.sorted { $0.rawValue < $1.rawValue }.map { .timer($0) }
            switch process {
            case .none: break
            case .launching:
                events += [.processStarted, .launchFailed(InstanceLifecycleTests.transient)]
                events += [.launchFailed(InstanceLifecycleTests.permanent)]
            case .running, .ending:
                events += [.exited(InstanceLifecycleTests.transient)]
                events.append(.progress(LoadingProgress(fraction: 0.5, text: "half"), until: .seconds(9), .news))
            }
            if awaitsAnswer, process == .running { events.append(.answered) }
            if probes > 0 { events += [.probed(nil), .probed(InstanceLifecycleTests.silent)] }
            if awaitsDrain { events.append(.drained) }
            if parkCalls > 0 { events += [.parkEnded(nil), .parkEnded(InstanceLifecycleTests.silent)] }
            if wakeCalls > 0 { events += [.wakeEnded(nil), .wakeEnded(InstanceLifecycleTests.silent)] }
            return events
        }

        mutating func happen(_ event: InstanceLifecycle.Event) {
            switch event {
            case .timer(let timer): timers.remove(timer)
            case .processStarted: process = .running
            case .launchFailed: process = .none
            case .exited:
                process = .none
                awaitsAnswer = false
            case .answered: awaitsAnswer = false
            case .probed: probes -= 1
            case .drained: awaitsDrain = false
            case .parkEnded: parkCalls -= 1
            case .wakeEnded: wakeCalls -= 1
            case .start, .stop, .restart, .offline, .online, .progress, .park, .wake: break
            }
            let before = life.state
            for action in life.on(event, at: .zero) { perform(action) }
            check(before, event)
        }

        private mutating func perform(_ action: InstanceLifecycle.Action) {
            switch action {
            case .launch:
                if process != .none { faults.append("launched beside a process that is \(process)") }
                process = .launching
            case .watchForAnswer: awaitsAnswer = true
            case .probe: probes += 1
            case .awaitDrain: awaitsDrain = true
            case .park: parkCalls += 1
            case .wake: wakeCalls += 1
            case .endProcess: if process == .running { process = .ending }
            case .setTimer(let timer, _): timers.insert(timer)
            case .cancelTimer(let timer): timers.remove(timer)
            case .announce: break
            case .ended: ends += 1
            }
        }

        private mutating func check(_ before: InstanceState, _ event: InstanceLifecycle.Event) {
            let step = "\(before) on \(event) to \(life.state)"
            if life.isProcessAlive != (process == .running || process == .ending) {
                faults.append("alive is \(life.isProcessAlive) but the process is \(process): \(step)")
            }
            if [.stopped, .failed, .pending].contains(life.state), process != .none {
                faults.append("\(life.state) with a process that is \(process): \(step)")
            }
            if [.parking, .parked, .waking].contains(life.state), process == .none || process == .launching {
                faults.append("\(life.state) with a process that is \(process): \(step)")
            }
            if life.state == .parked, life.failure != nil, before == .waking { faults.append("parked again: \(step)") }
            if life.state == .ready, process != .running { faults.append("ready without a process: \(step)") }
            let mayRest = life.state == .stopped || life.failure?.kind.isPermanent == true && life.state == .failed
            if !mayRest, before != .pending, possible.isEmpty { faults.append("nothing will ever happen: \(step)") }
        }
    }

    @Test("No sequence of events leaves a process unaccounted for, and a stop always ends it", arguments: 1...400)
    func everyProcessIsAccountedFor(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var world = World()
        world.happen(.start)
        for _ in 0..<200 {
            let own: [InstanceLifecycle.Event] =
                Int.random(in: 0..<12, using: &generator) == 0 ? [.stop, .restart, .start, .offline, .online] : []
            let parking: [InstanceLifecycle.Event] =
                Int.random(in: 0..<4, using: &generator) == 0 ? [.park, .wake] : []
            guard let event = (world.possible + own + parking).randomElement(using: &generator) else { break }
            world.happen(event)
        }
        let endsBefore = world.ends
        let wasStopped = world.life.state == .stopped
        world.happen(.stop)
        var steps = 0
        while world.life.state != .stopped || world.process != .none, steps < 500 {
            guard let event = world.possible.randomElement(using: &generator) else { break }
            world.happen(event)
            steps += 1
        }
        #expect(world.faults.isEmpty, "seed \(seed)")
        #expect(world.life.state == .stopped && world.process == .none, "seed \(seed)")
        #expect(wasStopped || world.ends == endsBefore + 1, "seed \(seed)")
    }
}
