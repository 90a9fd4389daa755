// SPDX-License-Identifier: MIT

import Logging
import SMMFCore
import SMMFProviders
import SMMFRouting

/// Follows a registry for as long as it runs and hands each new routing table and the API keys on. When the registry fails, the last
/// table stays in force and the age of the knowledge grows.
actor RegistryMirror {
    private var view = RegistryView()
    private var builder: RoutingTableBuilder
    private(set) var isConnected = false
    private var lastContact: Duration
    private var publishing: Task<Void, Never>?

    private let registry: any Registry
    private let logger: Logger
    private let now: @Sendable () -> Duration
    private let wallClock: @Sendable () -> Timestamp
    private let sleep: @Sendable (Duration) async throws -> Void
    private let publish: @Sendable (RoutingTable, [KeyID: KeyCard]) async -> Void

    private static let firstPause: Duration = .milliseconds(100)
    private static let longestPause: Duration = .seconds(3)

    init<C: Clock>(
        registry: any Registry,
        policies: [any RoutingPolicy],
        prices: PriceTable = PriceTable(),
        clock: C,
        wallClock: @escaping @Sendable () -> Timestamp,
        logger: Logger,
        publish: @escaping @Sendable (RoutingTable, [KeyID: KeyCard]) async -> Void
    ) where C.Duration == Duration {
        self.registry = registry
        self.builder = RoutingTableBuilder(policies: policies, prices: prices)
        self.logger = logger
        self.publish = publish
        self.wallClock = wallClock
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        self.lastContact = .zero
    }

    /// Seconds since the registry last answered; 0 while a watch is open.
    var staleness: Duration { isConnected ? .zero : now() - lastContact }

    /// Follows until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.follow() }
            group.addTask { await self.expireForever() }
        }
    }

    private func follow() async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            do {
                let update = try await registry.next(after: view.revision)
                if !isConnected { logger.info("the registry answers") }
                isConnected = true
                lastContact = now()
                pause = Self.firstPause
                view.apply(update, at: now())
                await publishTable()
            } catch .cancelled {
                return
            } catch {
                if isConnected || lastContact == .zero {
                    lastContact = now()
                    logger.warning("the registry does not answer", metadata: ["smmf.error": "\(error)"])
                }
                isConnected = false
                guard (try? await sleep(pause)) != nil else { return }
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Hands on the present table, after every earlier one: two of them under way at once must not change places.
    private func publishTable() async {
        let table = builder.build(view, at: wallClock())
        let task = Task { [publish, publishing, keys = view.keys] in
            await publishing?.value
            await publish(table, keys)
        }
        publishing = task
        await task.value
    }

    /// Rows of a lost epoch end without any news from the registry.
    private func expireForever() async {
        while !Task.isCancelled {
            let pause = view.nextExpiry.map { max($0 - now(), .milliseconds(10)) } ?? .seconds(1)
            guard (try? await sleep(min(pause, .seconds(1)))) != nil else { return }
            if view.expire(at: now()) { await publishTable() }
        }
    }
}
