// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix
import Synchronization

/// An inference engine that is none: it speaks OpenAI's wire on a loopback port, as fast, slow or broken as its script says.
///
/// It uses SwiftNIO's HTTP decoder and none of SMMF's own wire code, so that a mistake there is not repeated here.
/// Its pages are its dialect's (`/health`, `/v1/models`, `/metrics`, `POST /v1/chat/completions` and more), and
/// `/sim/stats`, `/sim/script`, `/sim/release`, `/sim/requests`.
public final class SimulatedEngine: Sendable {
    /// The address it listens on.
    public let host: String
    private let core: SimulatorCore
    private let listener: SimulatorListener
    private let ownGroup: MultiThreadedEventLoopGroup?

    private init(
        _ script: SimulatorScript,
        host: String,
        port: Int,
        threads: Int?,
        onExit: (@Sendable () -> Void)?
    ) {
        self.host = host
        core = SimulatorCore(script)
        ownGroup = threads.map { MultiThreadedEventLoopGroup(numberOfThreads: max(1, $0)) }
        let group: any EventLoopGroup = ownGroup ?? MultiThreadedEventLoopGroup.singleton
        listener = SimulatorListener(core: core, group: group, host: host, port: port, onExit: onExit)
    }

    /// Starts an engine; port 0 takes a free one.
    ///
    /// With `threads` it gets event loops of its own, else it shares the process's. `onExit` is called for the fault
    /// `exit`; without it the engine resets its connections and stops listening. Throws what binding the port threw.
    public static func start(
        _ script: SimulatorScript = SimulatorScript(),
        host: String = "127.0.0.1",
        port: Int = 0,
        threads: Int? = nil,
        onExit: (@Sendable () -> Void)? = nil
    ) async throws -> SimulatedEngine {
        let engine = SimulatedEngine(script, host: host, port: port, threads: threads, onExit: onExit)
        do {
            // A refusing engine opens too, so that it has a port to refuse on.
            try await engine.listener.open().get()
            try await engine.listener.follow(script).get()
        } catch {
            try? await engine.ownGroup?.shutdownGracefully()
            throw error
        }
        return engine
    }

    /// Runs `body` with an engine that is stopped afterwards, whatever happens.
    public static func running<Result: Sendable>(
        _ script: SimulatorScript = SimulatorScript(),
        isolation: isolated (any Actor)? = #isolation,
        _ body: (SimulatedEngine) async throws -> Result
    ) async throws -> Result {
        let engine = try await start(script)
        do {
            let result = try await body(engine)
            await engine.stop()
            return result
        } catch {
            await engine.stop()
            throw error
        }
    }

    /// Closes the port and all connections; returns when they are closed.
    public func stop() async {
        try? await listener.close().get()
        for channel in core.room.change({ Array($0.channels.values) }) {
            channel.close(promise: nil)
            try? await channel.closeFuture.get()
        }
        try? await ownGroup?.shutdownGracefully()
    }

    /// The port it listens on, or refuses on.
    public var port: Int { listener.port }

    /// `http://HOST:PORT`.
    public var baseURL: String { "http://\(host):\(port)" }

    /// The script in force for new requests.
    public var script: SimulatorScript { core.version.script }

    /// Changes the script for requests that begin from now on; throws when the port cannot be opened again.
    public func update(_ change: (inout SimulatorScript) -> Void) async throws {
        var script = core.version.script
        change(&script)
        core.use(script)
        try await listener.follow(script).get()
    }

    /// Lets the requests go on that `holdAfter` has stopped by now.
    public func release() { core.release() }

    /// Takes no connection any more and returns when nothing is in work and the last bytes are on their way.
    public func drain() async throws {
        try await update { $0.refusing = true }
        try await stats(when: { $0.active + $0.waiting == 0 })
        await listener.written()
    }

    /// Resets all connections and stops listening, as if the process had died; ``update(_:)`` opens the port again.
    public func crash() async throws {
        try await listener.exit().get()
    }

    /// What it has counted so far.
    public var stats: SimulatorStats { core.stats }

    /// Returns the counts as soon as `condition` holds for them; nothing is polled.
    ///
    /// `condition` runs under the engine's lock: it must look at its argument alone, not at this engine.
    /// Throws `CancellationError` when the task is cancelled, ``TooManyWaiters`` beyond 1,024 waits.
    @discardableResult
    public func stats(when condition: @escaping @Sendable (SimulatorStats) -> Bool) async throws -> SimulatorStats {
        let found = Found()
        try await core.room.wait { state in
            let stats = state.ledger.stats
            guard condition(stats) else { return false }
            found.stats.withLock { $0 = stats }
            return true
        }
        return found.stats.withLock { $0 }
    }

    /// The last requests it received, at most ``SimulatorScript/recorded``, the oldest first.
    public var requests: [SimulatorRecord] { core.room.change { $0.records } }

    private final class Found: Sendable {
        let stats = Mutex(SimulatorStats())
    }
}
