// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix

/// A remote API that is none: it plays a provider's wire on a loopback port, from its own pages and recorded traffic.
///
/// Each request's last user message says what is played (`#tools`, `#error:quota`, `#text #fault:split`), so that one
/// suite runs over all providers. `GET /sim/report` shows what was counted, `GET /sim/requests` the last requests.
public final class SimulatedProvider: Sendable {
    /// Whom it plays.
    public let provider: PlayedProvider
    private let core: SimulatorCore
    private let listener: SimulatorListener
    private let memory = PlayedMemory()
    private let host: String

    /// Plays the provider with this name; nil when there is none. `keys` are the good ones, any when it is empty;
    /// `fault` goes wrong in all good answers whose request names no other.
    public init?(
        _ name: String,
        keys: [String] = [],
        fault: PlayedFault? = nil,
        host: String = "127.0.0.1",
        port: Int = 0
    ) {
        guard let provider = PlayedProvider.named(name) else { return nil }
        self.provider = provider
        self.host = host
        var script = SimulatorScript()
        script.slots = 1_024
        script.recorded = 256
        script.dialect = SimulatorDialect(name: "provider", head: [])
        core = SimulatorCore(script)
        let group = MultiThreadedEventLoopGroup.singleton
        listener = SimulatorListener(core: core, group: group, host: host, port: port, onExit: nil) {
            [memory] core, _ in
            ProviderService(core: core, provider: provider, keys: keys, fault: fault, memory: memory)
        }
    }

    /// Listens, and returns the port; throws what binding it threw.
    @discardableResult
    public func start() async throws -> Int {
        try await listener.open().get()
        return listener.port
    }

    /// Closes the port and all connections; returns when they are closed.
    public func stop() async {
        try? await listener.close().get()
        for channel in core.room.change({ Array($0.channels.values) }) {
            channel.close(promise: nil)
            try? await channel.closeFuture.get()
        }
    }

    /// Runs `body` with a provider that is stopped afterwards, whatever happens; nil when there is none of this name.
    public static func running<Result: Sendable>(
        _ name: String,
        keys: [String] = [],
        fault: PlayedFault? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (SimulatedProvider) async throws -> Result
    ) async throws -> Result? {
        guard let provider = SimulatedProvider(name, keys: keys, fault: fault) else { return nil }
        try await provider.start()
        do {
            let result = try await body(provider)
            await provider.stop()
            return result
        } catch {
            await provider.stop()
            throw error
        }
    }

    /// The port it listens on.
    public var port: Int { listener.port }

    /// What stands in for the provider's documented base URL.
    public var baseURL: String { "http://\(host):\(port)\(provider.base)" }

    /// What it has counted so far.
    public var report: ProviderReport { ProviderReport(core.stats, errors: memory.errors) }

    /// Returns the counts as soon as nothing is in work; nothing is polled.
    public func settledReport() async throws -> ProviderReport {
        try await core.room.wait { $0.ledger.stats.active + $0.ledger.stats.waiting == 0 }
        return report
    }

    /// The last requests, at most 256, the oldest first.
    public var requests: [SimulatorRecord] { core.room.change { $0.records } }
}
