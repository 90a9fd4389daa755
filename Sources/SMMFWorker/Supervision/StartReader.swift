// SPDX-License-Identifier: MIT

import SMMFCore
import Synchronization

/// Reads a starting engine's output with its ``StartWatch`` and reports what changes, until the start is over.
///
/// Lines come on the task that reads the process's output, and the end from the supervisor, so the watch stands behind a
/// lock.
final class StartReader: Sendable {
    /// The watch after each change; one report holds all that came before it, so that the newest is enough.
    let reports: AsyncStream<StartWatch>
    private let report: AsyncStream<StartWatch>.Continuation
    private let watch: Mutex<StartWatch?>
    private let engine: any Engine
    private let uptime: @Sendable () -> Duration

    init(_ engine: any Engine, _ settings: InstanceLifecycle.Settings, uptime: @escaping @Sendable () -> Duration) {
        self.engine = engine
        self.uptime = uptime
        watch = Mutex(StartWatch(settings, at: uptime()))
        (reports, report) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes lines of output.
    func read(_ lines: [String]) {
        watch.withLock { watch in
            guard var next = watch else { return }
            let now = uptime()
            var hasChanged = false
            for line in lines where next.read(line, engine.progress(in: line), at: now) { hasChanged = true }
            watch = next
            if hasChanged { report.yield(next) }
        }
    }

    /// Takes no more lines.
    func finish() {
        watch.withLock { $0 = nil }
        report.finish()
    }
}
