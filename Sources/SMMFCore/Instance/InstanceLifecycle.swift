// SPDX-License-Identifier: MIT

/// The life of one instance as a value: it takes what happened and returns what to do.
///
/// Its owner holds the clock, the process and the registry; `now` is monotonic time since any fixed moment. Every
/// action is performed, in order. Timers are named: setting one again replaces it, and a timer that fires late,
/// after its reason has gone, is ignored.
public struct InstanceLifecycle: Sendable, Hashable {
    public internal(set) var state: InstanceState = .pending
    public private(set) var progress: Double?
    public internal(set) var detail: String?
    public internal(set) var failure: InstanceFailure?
    /// How often the process was started again after a failure.
    public private(set) var restarts = 0
    /// Whether a process exists that has not been reported as ended.
    public private(set) var isProcessAlive = false

    let settings: Settings
    /// Failures in a row, without a stable time between them.
    var failuresInARow = 0
    var readySince: Duration?
    var isStopWanted = false
    var isRestartWanted = false
    /// Whether it is to stay out of service until somebody puts it online.
    public private(set) var isOffline = false
    /// Whether it is out of service by an order and nothing is to take its place.
    public var isKept: Bool { !isStopWanted && (isOffline || isRestartWanted) }
    /// The failure that made us end the process ourselves; reported when it has gone.
    var pendingFailure: InstanceFailure?
    /// What the engine answered last instead of a first token.
    var warmingFailure: InstanceFailure?
    /// Whether the engine was told to give up its memory, in the state `parking`.
    var isParkAsked = false
    /// Whether it is wanted back while it is being parked.
    var isWakeWanted = false
    /// What ends a start that goes on as it does.
    private var startBound = StartWatch.Bound.patience
    /// Until when a first token may take in any case.
    private var warmUntil = Duration.zero

    /// Creates the life of an instance that has been placed and not yet started.
    public init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Takes one event and returns the actions it asks for; an event that makes no sense in this state does nothing.
    public mutating func on(_ event: Event, at now: Duration) -> [Action] {
        switch event {
        case .start: start()
        case .processStarted: processStarted()
        case .progress(let step, let deadline, let bound): noteProgress(step, until: deadline, bound, at: now)
        case .answered: answered(at: now)
        case .probed(let failure): failure.map { probeFailed($0, at: now) } ?? probeSucceeded(at: now)
        case .launchFailed(let failure): launchFailed(failure, at: now)
        case .exited(let failure): exited(failure, at: now)
        case .timer(let timer): fired(timer, at: now)
        case .stop: stop()
        case .restart: restart()
        case .offline: goOffline()
        case .online: goOnline()
        case .drained: drained()
        case .park: park()
        case .wake: wake()
        case .parkEnded(let failure): parkEnded(failure)
        case .wakeEnded(let failure): wakeEnded(failure)
        }
    }

    private mutating func start() -> [Action] {
        guard !isOffline, state == .pending || state == .stopped || (state == .failed && !isProcessAlive) else {
            return []
        }
        isStopWanted = false
        warmingFailure = nil
        startBound = .patience
        move(to: .starting, detail: "starting the process")
        return [.cancelTimer(.restart), .announce, .launch, .setTimer(.start, settings.startDeadline)]
    }

    private mutating func processStarted() -> [Action] {
        guard !isProcessAlive else { return [] }
        isProcessAlive = true
        // A stop overtook the launch: the process that it was about came after all.
        guard state == .starting else { return [.endProcess(.zero)] }
        move(to: .loading, detail: "loading the model")
        return [.announce, .watchForAnswer]
    }

    private mutating func launchFailed(_ failure: InstanceFailure, at now: Duration) -> [Action] {
        guard !isProcessAlive, state == .starting || state == .draining else { return [] }
        return ended(because: failure, at: now)
    }

    private mutating func noteProgress(
        _ step: LoadingProgress?,
        until deadline: Duration,
        _ bound: StartWatch.Bound,
        at now: Duration
    ) -> [Action] {
        guard state == .loading || state == .warming, pendingFailure == nil else { return [] }
        if state == .warming, deadline <= warmUntil { return [] }
        startBound = bound
        let timer = Action.setTimer(.start, max(.zero, deadline - now))
        guard state == .loading, let step, step.text != detail || step.fraction != progress else { return [timer] }
        progress = step.fraction
        detail = step.text
        return [.announce, timer]
    }

    private mutating func answered(at now: Duration) -> [Action] {
        guard state == .loading, pendingFailure == nil else { return [] }
        startBound = .patience
        warmUntil = now + settings.startDeadline
        move(to: .warming, detail: "asking for a first token")
        return [.announce, .probe, .setTimer(.start, settings.startDeadline)]
    }

    private mutating func probeSucceeded(at now: Duration) -> [Action] {
        // The process is being ended already; its last good answer must not bring it back.
        guard pendingFailure == nil else { return [] }
        switch state {
        case .warming, .waking:
            readySince = now
            move(to: .ready, detail: nil)
            return [.cancelTimer(.start), .announce, .setTimer(.probe, settings.probeInterval)]
        case .suspect:
            move(to: .ready, detail: nil)
            return [.cancelTimer(.suspect), .announce, .setTimer(.probe, settings.probeInterval)]
        case .ready:
            return [.setTimer(.probe, settings.probeInterval)]
        default:
            return []
        }
    }

    private mutating func probeFailed(_ failure: InstanceFailure, at now: Duration) -> [Action] {
        guard pendingFailure == nil else { return [] }
        switch state {
        case .warming, .waking:
            detail = failure.message
            warmingFailure = failure
            return [.setTimer(.probe, settings.probeRetry)]
        case .ready:
            self.failure = failure
            move(to: .suspect, detail: failure.message)
            return [
                .announce, .setTimer(.probe, settings.probeRetry), .setTimer(.suspect, settings.suspectDeadline),
            ]
        case .suspect:
            return [.setTimer(.probe, settings.probeRetry)]
        default:
            return []
        }
    }

    private mutating func exited(_ failure: InstanceFailure, at now: Duration) -> [Action] {
        guard isProcessAlive else { return [] }
        isProcessAlive = false
        if isStopWanted {
            pendingFailure = nil
            move(to: .stopped, detail: nil)
            return Self.cancelAllTimers + [.announce, .ended]
        }
        if isOffline {
            pendingFailure = nil
            readySince = nil
            move(to: .stopped, detail: Self.offlineDetail)
            return Self.cancelAllTimers + [.announce]
        }
        if isRestartWanted {
            isRestartWanted = false
            pendingFailure = nil
            readySince = nil
            move(to: .pending, detail: "restarting on request")
            return Self.cancelAllTimers + [.announce] + start()
        }
        if hasDiedUnwanted { return endedUnwanted(because: failure) }
        return ended(because: pendingFailure.map { $0.adding(failure) } ?? failure, at: now)
    }

    private mutating func ended(because failure: InstanceFailure, at now: Duration) -> [Action] {
        isProcessAlive = false
        isRestartWanted = false
        pendingFailure = nil
        self.failure = failure
        if let readySince, now - readySince >= settings.stableAfter { failuresInARow = 0 }
        readySince = nil
        failuresInARow += 1
        if isOffline, !isStopWanted {
            move(to: .stopped, detail: Self.offlineDetail)
            return Self.cancelAllTimers + [.announce]
        }
        if failure.kind.isPermanent || isStopWanted {
            move(to: isStopWanted ? .stopped : .failed, detail: failure.message)
            return Self.cancelAllTimers + [.announce] + (isStopWanted ? [.ended] : [])
        }
        let pause = settings.restartPause(afterFailures: failuresInARow)
        move(to: .failed, detail: "starts again in \(Self.describe(pause)): \(failure.message)")
        return Self.cancelAllTimers + [.announce, .setTimer(.restart, pause)]
    }

    private mutating func fired(_ timer: Timer, at now: Duration) -> [Action] {
        switch (timer, state) {
        case (.restart, .failed):
            restarts += 1
            return start()
        case (.start, .starting), (.start, .loading), (.start, .warming):
            let why = warmingFailure.map { " \($0.message)" } ?? ""
            return end(
                because: InstanceFailure(
                    .startTimeout,
                    "The engine \(startComplaint) while \(state.rawValue).\(why)",
                    nextStep: "Look at the last lines of its log with smmf model logs."
                )
            )
        case (.start, .waking): return end(because: overdueWake)
        case (.start, .parking) where isParkAsked && pendingFailure == nil:
            let why = "it did not give up its memory in time"
            return isWakeWanted ? end(because: InstanceFailure(.parkFailed, why)) : endInstead(of: why)
        case (.suspect, .suspect):
            return end(because: failure ?? InstanceFailure(.unresponsive, "The engine stopped answering."))
        case (.probe, .ready), (.probe, .suspect), (.probe, .warming), (.probe, .waking):
            return [.probe]
        case (.drain, .draining):
            return [.endProcess(settings.stopGrace)]
        case (.drain, .parking):
            return endInstead(of: "its requests did not finish in time")
        default:
            return []
        }
    }

    private var startComplaint: String {
        switch startBound {
        case .patience: "made no progress for \(Self.describe(settings.startDeadline))"
        case .news: "said much and made no progress for \(Self.describe(settings.newsAllowance))"
        case .total: "did not come up within \(Self.describe(settings.longestStart))"
        }
    }

    /// Ends a process that runs but does not serve; `exited` then reports `failure` and plans the restart.
    mutating func end(because failure: InstanceFailure) -> [Action] {
        // A launch cannot be taken back; when it ends, the start goes on with a fresh deadline.
        guard isProcessAlive else { return [.setTimer(.start, settings.startDeadline)] }
        pendingFailure = failure
        detail = failure.message
        return [.cancelTimer(.probe), .announce, .endProcess(settings.stopGrace)]
    }

    private mutating func stop() -> [Action] {
        guard !isStopWanted else { return [] }
        isStopWanted = true
        isRestartWanted = false
        return leave()
    }

    private mutating func restart() -> [Action] {
        guard !isStopWanted, !isOffline else { return [] }
        failuresInARow = 0
        guard isProcessAlive else { return start() }
        isRestartWanted = true
        return leave()
    }

    private static let offlineDetail = "taken offline by hand"

    private mutating func goOffline() -> [Action] {
        guard !isStopWanted, !isOffline else { return [] }
        isOffline = true
        isRestartWanted = false
        switch state {
        case .pending, .failed, .stopped:
            guard !isProcessAlive else { return leave() }
            move(to: .stopped, detail: Self.offlineDetail)
            return Self.cancelAllTimers + [.announce]
        default: return leave() + (state == .draining ? [.announce] : [])
        }
    }

    private mutating func goOnline() -> [Action] {
        guard !isStopWanted, isOffline else { return [] }
        isOffline = false
        failuresInARow = 0
        // One that is still on its way out comes back when it has gone.
        guard !isProcessAlive, state != .draining else {
            isRestartWanted = true
            return [.announce]
        }
        return start()
    }

    /// Takes the instance out of service: drains one that serves, ends one that is starting at once.
    private mutating func leave() -> [Action] {
        let finishesRequests = state == .ready || state == .suspect || state == .parking && !isParkAsked
        switch state {
        case _ where finishesRequests:
            move(to: .draining, detail: "finishing running requests")
            return Self.cancelAllTimers + [.announce, .awaitDrain, .setTimer(.drain, settings.drainDeadline)]
        case .draining:
            return []
        case .starting, .loading, .warming, .ready, .suspect, .parking, .parked, .waking:
            move(to: .draining, detail: "ending the process")
            return Self.cancelAllTimers + [.announce, .endProcess(settings.stopGrace)]
        case .pending, .failed, .stopped:
            if isProcessAlive { return Self.cancelAllTimers + [.endProcess(settings.stopGrace)] }
            move(to: .stopped, detail: nil)
            return Self.cancelAllTimers + [.announce, .ended]
        }
    }

    private mutating func drained() -> [Action] {
        if state == .parking { return parkNow() }
        guard state == .draining else { return [] }
        return [.cancelTimer(.drain), .endProcess(settings.stopGrace)]
    }

    mutating func move(to next: InstanceState, detail: String?) {
        state = next
        self.detail = detail
        progress = nil
    }

    static let cancelAllTimers: [Action] = Timer.allCases.map { .cancelTimer($0) }

    static func describe(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let tenths = attoseconds / 100_000_000_000_000_000
        return tenths == 0 ? "\(seconds) s" : "\(seconds).\(tenths) s"
    }
}
