// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@Suite("The life of an instance")
struct InstanceLifecycleTests {
    typealias Event = InstanceLifecycle.Event
    typealias Timer = InstanceLifecycle.Timer

    static let transient = InstanceFailure(.exited, "it ended")
    static let permanent = InstanceFailure(.fileMissing, "no file")
    static let silent = InstanceFailure(.unresponsive, "no answer")
    static let toReady: [Event] = [.start, .processStarted, .answered, .probed(nil)]

    /// A life after some events, all at the same time.
    static func life(after events: [Event], at now: Duration = .zero) -> InstanceLifecycle {
        var life = InstanceLifecycle()
        for event in events { _ = life.on(event, at: now) }
        return life
    }

    @Test(
        "Each event leads where the table says",
        arguments: [
            ([], .pending),
            ([.start], .starting),
            ([.start, .processStarted], .loading),
            ([.start, .processStarted, .answered], .warming),
            (toReady, .ready),
            ([.start, .processStarted, .answered, .probed(silent)], .warming),
            (toReady + [.probed(silent)], .suspect),
            (toReady + [.probed(silent), .probed(nil)], .ready),
            (toReady + [.stop], .draining),
            (toReady + [.stop, .drained], .draining),
            (toReady + [.stop, .exited(transient)], .stopped),
            (toReady + [.restart, .drained, .exited(transient)], .starting),
            (toReady + [.exited(transient)], .failed),
            (toReady + [.exited(transient), .timer(.restart)], .starting),
            ([.start, .launchFailed(permanent)], .failed),
            ([.start, .launchFailed(permanent), .restart], .starting),
            ([.start, .launchFailed(permanent), .timer(.restart), .start], .starting),
            ([.start, .stop], .draining),
            ([.start, .stop, .launchFailed(permanent)], .stopped),
            ([.start, .stop, .processStarted], .draining),
            ([.start, .stop, .processStarted, .exited(transient)], .stopped),
            ([.stop], .stopped),
            ([.stop, .start], .starting),
            (toReady + [.restart, .stop, .exited(transient)], .stopped),
            (toReady + [.exited(transient), .exited(transient), .stop], .stopped),
            ([.answered, .probed(nil), .drained, .exited(transient)], .pending),
        ] as [([Event], InstanceState)]
    )
    func table(events: [Event], expected: InstanceState) {
        #expect(Self.life(after: events).state == expected)
    }

    @Test("A process that is being ended for a failure cannot become ready any more")
    func endingIsFinal() {
        var life = Self.life(after: Self.toReady + [.probed(Self.silent)])
        #expect(life.on(.timer(.suspect), at: .zero).contains(.endProcess(InstanceLifecycle.Settings().stopGrace)))
        #expect(life.on(.probed(nil), at: .zero).isEmpty)
        #expect(life.state == .suspect)
        _ = life.on(.exited(Self.transient), at: .zero)
        #expect(life.failure == Self.silent)
    }

    @Test("A start that timed out while loading stays ended when the engine answers late")
    func lateAnswer() {
        var life = Self.life(after: [.start, .processStarted])
        _ = life.on(.timer(.start), at: .zero)
        #expect(life.on(.answered, at: .zero).isEmpty)
        _ = life.on(.exited(Self.transient), at: .zero)
        #expect(life.failure?.kind == .startTimeout)
        #expect(life.state == .failed)
    }

    @Test(
        "A start that timed out while it was asked for a first token tells what it answered, and a new one forgets it"
    )
    func lastWords() {
        var life = Self.life(after: [.start, .processStarted, .answered, .probed(Self.silent), .timer(.start)])
        _ = life.on(.exited(Self.transient), at: .zero)
        #expect(life.failure?.kind == .startTimeout)
        #expect(life.failure?.message.hasSuffix("while warming. \(Self.silent.message)") == true)
        for event in [.timer(.restart), .processStarted, .timer(.start), .exited(Self.transient)]
            as [InstanceLifecycle.Event]
        {
            _ = life.on(event, at: .zero)
        }
        #expect(life.failure?.message.hasSuffix("while loading.") == true)
    }

    @Test("Progress moves the deadline of a start, and the reason tells what held it and what was printed last")
    func movingDeadline() {
        for (bound, words) in [
            (StartWatch.Bound.patience, "made no progress for 120 s"), (.news, "no progress for 1200 s"),
            (.total, "within 86400 s"),
        ] {
            var life = Self.life(after: [.start, .processStarted])
            let step = LoadingProgress(fraction: 0.4, text: "reading")
            let actions = life.on(.progress(step, until: .seconds(300), bound), at: .seconds(100))
            #expect(actions == [.announce, .setTimer(.start, .seconds(200))])
            #expect(life.progress == 0.4 && life.detail == "reading")
            // The same again shows nothing new, and only moves the deadline.
            let again = life.on(.progress(step, until: .seconds(310), bound), at: .seconds(100))
            #expect(again == [.setTimer(.start, .seconds(210))])
            _ = life.on(.timer(.start), at: .seconds(310))
            var told = InstanceFailure(.exited, "it ended", evidence: ["a last line"])
            var other = life
            _ = life.on(.exited(told), at: .seconds(311))
            #expect(life.failure?.kind == .startTimeout && life.failure?.message.contains(words) == true)
            #expect(life.failure?.evidence == ["a last line"])
            told.kind = .outOfMemory
            told.message = "no memory"
            _ = other.on(.exited(told), at: .seconds(311))
            #expect(other.failure?.message.hasSuffix("Its log says: no memory") == true)
            #expect(other.failure?.kind == .startTimeout)
        }
    }

    @Test("A stop that overtakes the launch ends the process when it comes")
    func stopOvertakesLaunch() {
        var life = Self.life(after: [.start, .stop])
        #expect(life.on(.processStarted, at: .zero) == [.endProcess(.zero)])
        #expect(life.isProcessAlive)
        #expect(life.on(.exited(Self.transient), at: .zero).last == .ended)
        #expect(!life.isProcessAlive)
    }

    @Test("A failure that was forgotten by a restart does not explain the next one")
    func failureIsForgotten() {
        var life = Self.life(after: Self.toReady + [.probed(Self.silent), .timer(.suspect), .restart])
        _ = life.on(.exited(Self.silent), at: .zero)
        #expect(life.state == .starting)
        _ = life.on(.processStarted, at: .zero)
        _ = life.on(.exited(Self.transient), at: .zero)
        #expect(life.failure == Self.transient)
    }

    @Test("The pause before a restart doubles up to its limit, and serving long enough resets it")
    func backOff() {
        var life = InstanceLifecycle()
        var pauses: [Duration] = []
        _ = life.on(.start, at: .zero)
        for _ in 0..<12 {
            _ = life.on(.processStarted, at: .zero)
            pauses += life.on(.exited(Self.transient), at: .zero).compactMap(Self.restartPause)
            _ = life.on(.timer(.restart), at: .zero)
        }
        #expect(pauses.prefix(4) == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2)])
        #expect(pauses.last == .seconds(60))
        #expect(life.restarts == 12)
        for event in Self.toReady.dropFirst() { _ = life.on(event, at: .seconds(10)) }
        let actions = life.on(.exited(Self.transient), at: .seconds(70))
        #expect(actions.compactMap(Self.restartPause) == [.milliseconds(250)])
    }

    @Test("A failure that trying again cannot mend is not tried again", arguments: InstanceFailure.Kind.allCases)
    func permanentFailures(kind: InstanceFailure.Kind) {
        var life = Self.life(after: [.start, .processStarted])
        let actions = life.on(.exited(InstanceFailure(kind, "why")), at: .zero)
        #expect(actions.compactMap(Self.restartPause).isEmpty == kind.isPermanent)
        #expect(life.state == .failed)
    }

    static func restartPause(_ action: InstanceLifecycle.Action) -> Duration? {
        if case .setTimer(.restart, let pause) = action { pause } else { nil }
    }
}
