// SPDX-License-Identifier: MIT

extension InstanceLifecycle {
    /// What can happen to an instance.
    public enum Event: Sendable, Hashable {
        /// Somebody wants it to run.
        case start
        /// The process exists.
        case processStarted
        /// The output of a start showed something new: how far it has come, where that is known, until when it may go on,
        /// and what holds that moment where it is.
        case progress(LoadingProgress?, until: Duration, StartWatch.Bound)
        /// The engine's readiness probe succeeded for the first time.
        case answered
        /// A probe for one token ended; nil is success.
        case probed(InstanceFailure?)
        /// The process could not be started at all.
        case launchFailed(InstanceFailure)
        /// The process and everything it started have ended; the failure is what its output and status say.
        case exited(InstanceFailure)
        /// A timer that an action had set fired.
        case timer(Timer)
        /// Somebody wants it gone.
        case stop
        /// Somebody wants its process replaced.
        case restart
        /// Somebody wants it out of service, but kept.
        case offline
        /// Somebody wants it back in service.
        case online
        /// No request of ours runs on it any more.
        case drained
        /// Somebody wants it to give up its memory, and keep its process.
        case park
        /// Somebody wants it back from there.
        case wake
        /// The engine gave up its memory, or why it did not.
        case parkEnded(InstanceFailure?)
        /// The engine has its memory back, or why it has not.
        case wakeEnded(InstanceFailure?)
    }

    /// What its owner does.
    public enum Action: Sendable, Hashable {
        /// Start the process; report `processStarted` or `launchFailed`.
        case launch
        /// Ask the readiness probe until it succeeds or the process ends; report `answered`.
        case watchForAnswer
        /// Ask for one token; report `probed`.
        case probe
        /// Wait until no request of ours runs on it; report `drained`.
        case awaitDrain
        /// End the process, gently for this long; report `exited` when nothing of it is left.
        case endProcess(Duration)
        /// Have the engine give up its memory; report `parkEnded`.
        case park
        /// Have the engine take its memory back; report `wakeEnded`.
        case wake
        /// Write the present state to the registry.
        case announce
        case setTimer(Timer, Duration)
        case cancelTimer(Timer)
        /// The life is over; the row may go.
        case ended
    }

    /// The timers of one instance.
    public enum Timer: String, Sendable, Hashable, CaseIterable {
        case start, probe, suspect, restart, drain
    }

    /// How long things may take.
    public struct Settings: Sendable, Hashable {
        /// How long a start may go on without progress; see ``StartWatch``.
        public var startDeadline: Duration = .seconds(120)
        /// How long a start may go on with news and no progress.
        public var newsAllowance: Duration = .seconds(1200)
        /// How long a start may take in all, which is for downloads.
        public var longestStart: Duration = .seconds(86_400)
        /// The pause before the first restart; doubles with each failure in a row.
        public var firstRestartPause: Duration = .milliseconds(250)
        public var longestRestartPause: Duration = .seconds(60)
        /// Serving for this long forgets earlier failures.
        public var stableAfter: Duration = .seconds(60)
        /// Between health looks at an instance that serves.
        public var probeInterval: Duration = .seconds(5)
        public var probeRetry: Duration = .seconds(1)
        /// How long an instance may be suspect before its process is replaced.
        public var suspectDeadline: Duration = .seconds(30)
        /// How long running requests may take to finish.
        public var drainDeadline: Duration = .seconds(30)
        /// How long waking may take, with the first token.
        public var wakeDeadline: Duration = .seconds(120)
        /// Between a polite and a forced end of the process.
        public var stopGrace: Duration = .seconds(5)

        /// The defaults above.
        public init() {}

        /// The pause before the next start: the first one doubled for each failure in a row after the first.
        public func restartPause(afterFailures failures: Int) -> Duration {
            let doublings = min(max(failures - 1, 0), 20)
            return min(firstRestartPause * (1 << doublings), longestRestartPause)
        }
    }
}
