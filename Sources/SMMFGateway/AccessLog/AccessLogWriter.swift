// SPDX-License-Identifier: MIT

package import Logging
import NIOPosix
package import SMMFCore
package import SMMFRelay
import Synchronization

/// Writes the access log, on a thread of its own. A full disk or a reader that hangs costs lines, which are counted, and
/// nothing else.
package final class AccessLogWriter: Sendable {
    private struct State {
        var file: AccessLogFile
        /// The last reason why lines could not be written, so that it is told once.
        var failure: String?
    }

    private let target: AccessLogTarget
    private let state: Mutex<State>
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let wake: Wake
    private let logger: Logger
    /// Where the loops leave their lines.
    package let log: AccessLog

    /// Breaks the circle: the log wakes the writer, and the writer reads the log.
    private final class Wake: Sendable {
        /// A closure that a generic lock holds by itself is wrapped once more at each access, without end.
        private struct Action {
            var run: (@Sendable () -> Void)?
        }

        private let action = Mutex(Action())

        func set(_ new: (@Sendable () -> Void)?) { action.withLock { $0.run = new } }

        func call() {
            let action = action.withLock { $0 }
            action.run?()
        }
    }

    /// Opens the target; throws ``SMMFError`` when that is not possible.
    package init(_ target: AccessLogTarget, logger: Logger) throws(SMMFError) {
        self.target = target
        self.logger = logger
        state = Mutex(State(file: try AccessLogFile(path: target.path)))
        let wake = Wake()
        self.wake = wake
        log = AccessLog(sample: target.sample) { wake.call() }
        thread.start()
        wake.set { [weak self] in
            guard let self else { return }
            self.thread.submit { [weak self] _ in self?.writeAll() }
        }
    }

    /// Writes what is left, and closes the file.
    package func end() async {
        wake.set(nil)
        _ = try? await thread.runIfActive { self.writeAll() }
        try? await thread.shutdownGracefully()
        state.withLock { $0.file.close() }
    }

    /// Writes everything that waits. Called on the writer's thread alone.
    private func writeAll() {
        state.withLock { state in
            state.file.follow()
            for batch in log.take() {
                let (written, why) = state.file.write(batch.bytes)
                log.finish(batch, dropped: batch.bytes[written...].count { $0 == UInt8(ascii: "\n") })
                tell(why, &state)
            }
        }
    }

    private func tell(_ why: String?, _ state: inout State) {
        guard why != state.failure else { return }
        state.failure = why
        guard let why else { return logger.notice("The access log is written again") }
        logger.warning(
            "The access log loses lines: \(why)",
            metadata: ["smmf.file": "\(target.path)", "smmf.field": "server.access_log"]
        )
    }
}
