// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@Suite("Parking an instance and waking it")
struct InstanceParkingTests {
    typealias Event = InstanceLifecycle.Event

    static let refusal = InstanceFailure(.parkFailed, "it does not sleep")
    static let stuck = InstanceFailure(.wakeFailed, "it does not wake")
    static let died = InstanceLifecycleTests.transient
    static let toParked: [Event] = InstanceLifecycleTests.toReady + [.park, .drained, .parkEnded(nil)]

    @Test(
        "Each event leads where the table says",
        arguments: [
            ([.park], .parking),
            ([.park, .drained], .parking),
            ([.park, .drained, .parkEnded(nil)], .parked),
            ([.park, .wake], .ready),
            ([.park, .drained, .wake], .parking),
            ([.park, .drained, .wake, .parkEnded(nil)], .waking),
            ([.park, .drained, .parkEnded(refusal)], .draining),
            ([.park, .drained, .parkEnded(refusal), .exited(died)], .stopped),
            ([.park, .drained, .wake, .parkEnded(refusal), .exited(died)], .failed),
            ([.park, .timer(.drain)], .draining),
            ([.park, .exited(died)], .stopped),
            ([.park, .stop], .draining),
            ([.park, .drained, .stop, .parkEnded(nil)], .draining),
            ([.park, .drained, .parkEnded(nil), .wake], .waking),
            ([.park, .drained, .parkEnded(nil), .wake, .wakeEnded(nil)], .waking),
            ([.park, .drained, .parkEnded(nil), .wake, .wakeEnded(nil), .probed(nil)], .ready),
            ([.park, .drained, .parkEnded(nil), .wake, .wakeEnded(stuck)], .waking),
            ([.park, .drained, .parkEnded(nil), .wake, .wakeEnded(stuck), .exited(died)], .failed),
            ([.park, .drained, .parkEnded(nil), .wake, .wakeEnded(stuck), .exited(died), .timer(.restart)], .starting),
            ([.park, .drained, .parkEnded(nil), .wake, .wakeEnded(nil), .probed(died), .timer(.start)], .waking),
            ([.park, .drained, .parkEnded(nil), .wake, .exited(died)], .failed),
            ([.park, .drained, .parkEnded(nil), .exited(died)], .stopped),
            ([.park, .drained, .parkEnded(nil), .stop], .draining),
            ([.park, .drained, .parkEnded(nil), .offline, .exited(died)], .stopped),
            ([.park, .drained, .parkEnded(nil), .restart, .exited(died)], .starting),
            ([.park, .drained, .parkEnded(nil), .park], .parked),
            ([.wake], .ready),
            ([.probed(died), .park], .suspect),
        ] as [([Event], InstanceState)]
    )
    func table(events: [Event], expected: InstanceState) {
        #expect(InstanceLifecycleTests.life(after: InstanceLifecycleTests.toReady + events).state == expected)
    }

    @Test("What has answered a first token after it was woken serves, and nothing before that")
    func probed() {
        var life = InstanceLifecycleTests.life(after: Self.toParked)
        #expect(life.on(.wake, at: .zero) == [.announce, .wake, .setTimer(.start, .seconds(120))])
        #expect(life.on(.wakeEnded(nil), at: .zero) == [.announce, .probe])
        #expect(life.on(.probed(Self.died), at: .zero) == [.setTimer(.probe, .seconds(1))])
        #expect(life.on(.timer(.probe), at: .zero) == [.probe])
        #expect(!life.state.isServing)
        #expect(life.on(.probed(nil), at: .zero).first == .cancelTimer(.start))
        #expect(life.state.isServing)
    }

    @Test("A failed wake ends the process, and the reason stands by the next start")
    func failedWake() {
        var life = InstanceLifecycleTests.life(after: Self.toParked + [.wake, .wakeEnded(nil), .probed(Self.died)])
        #expect(life.on(.timer(.start), at: .zero).last == .endProcess(.seconds(5)))
        // Its late success does not bring it back.
        #expect(life.on(.probed(nil), at: .zero).isEmpty)
        _ = life.on(.exited(Self.died), at: .zero)
        #expect(life.failure?.kind == .wakeFailed)
        #expect(life.failure?.message.hasSuffix(Self.died.message) == true)
        #expect(life.on(.timer(.restart), at: .zero).contains(.launch))
    }

    @Test("One that died while nobody wanted it is gone, and is not started again")
    func unwantedDeath() {
        var life = InstanceLifecycleTests.life(after: Self.toParked)
        let actions = life.on(.exited(Self.died), at: .zero)
        #expect(actions.last == .ended)
        #expect(actions.allSatisfy { if case .setTimer = $0 { false } else { true } })
    }
}
