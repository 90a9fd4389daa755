// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@Suite("An instance taken offline by hand")
struct InstanceOfflineTests {
    typealias Event = InstanceLifecycle.Event

    static let ended = InstanceFailure(.exited, "it ended")
    static let missing = InstanceFailure(.fileMissing, "no file")
    static let toReady = InstanceLifecycleTests.toReady

    @Test(
        "each event leads where the table says",
        arguments: [
            (toReady + [.offline], .draining),
            (toReady + [.offline, .drained, .exited(ended)], .stopped),
            (toReady + [.offline, .drained, .exited(ended), .restart], .stopped),
            (toReady + [.offline, .drained, .exited(ended), .online], .starting),
            // It changes its mind on the way out.
            (toReady + [.offline, .online], .draining),
            (toReady + [.offline, .online, .drained, .exited(ended)], .starting),
            (toReady + [.offline, .online, .offline, .exited(ended)], .stopped),
            // A restart on its way gives way, and a failure waits no more.
            (toReady + [.restart, .offline, .drained, .exited(ended)], .stopped),
            (toReady + [.exited(ended), .offline], .stopped),
            (toReady + [.exited(ended), .offline, .timer(.restart)], .stopped),
            ([.start, .offline, .launchFailed(missing)], .stopped),
            ([.start, .offline, .processStarted, .exited(ended)], .stopped),
            ([.start, .offline, .online, .launchFailed(ended)], .failed),
            ([.start, .processStarted, .offline, .exited(ended)], .stopped),
            ([.offline], .stopped),
            ([.offline, .online], .starting),
            (toReady + [.online], .ready),
            // Going for good is stronger.
            (toReady + [.offline, .drained, .exited(ended), .stop], .stopped),
            (toReady + [.stop, .offline, .online, .exited(ended)], .stopped),
        ] as [([Event], InstanceState)]
    )
    func table(events: [Event], expected: InstanceState) {
        #expect(InstanceLifecycleTests.life(after: events).state == expected)
    }

    @Test("it is kept until it is let go of")
    func kept() {
        var life = InstanceLifecycleTests.life(after: Self.toReady + [.offline, .drained])
        #expect(life.isOffline)
        let gone = life.on(.exited(Self.ended), at: .zero)
        #expect(gone.contains(.announce) && !gone.contains(.ended))
        #expect(life.on(.stop, at: .zero).contains(.ended))
    }
}
