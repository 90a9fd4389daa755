// SPDX-License-Identifier: MIT

public import SMMFCore

/// A registry in this process's memory: for a standalone server, and for the controller that others watch through its
/// control API. What it knows is gone with the process; workers announce themselves again.
public actor MemoryRegistry: Registry {
    private struct Waiter {
        let seen: RegistryRevision?
        let continuation: CheckedContinuation<Result<RegistryUpdate, RegistryError>, Never>
    }

    private var table: RegistryTable
    private var waiters: [UInt64: Waiter] = [:]
    private var nextWaiter: UInt64 = 0
    private var expiryTask: Task<Void, Never>?
    private var expiryMoment: Duration?
    private let elapsed: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void

    /// The most watchers that may wait at once.
    public static let waiterLimit = 10_000

    /// Creates an empty registry of a new epoch; leases run on `clock`.
    public init<C: Clock>(clock: C = ContinuousClock()) where C.Duration == Duration {
        var generator = SystemRandomNumberGenerator()
        let origin = clock.now
        self.elapsed = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        self.table = RegistryTable(epoch: generator.next())
    }

    public func announce(_ instance: Instance, lease: Duration?) async throws(RegistryError) {
        try table.announce(instance, lease: lease, at: elapsed())
        changed()
    }

    public func renew(_ ids: [InstanceID], lease: Duration) async throws(RegistryError) -> [InstanceID] {
        let unknown = table.renew(ids, lease: lease, at: elapsed())
        changed()
        return unknown
    }

    public func withdraw(_ id: InstanceID) async throws(RegistryError) {
        table.withdraw(id)
        changed()
    }

    public func publish(_ cards: [ModelCard]) async throws(RegistryError) {
        table.publish(cards)
        changed()
    }

    public func publish(keys: [KeyCard]) async throws(RegistryError) {
        table.publish(keys: keys)
        changed()
    }

    public func next(after revision: RegistryRevision?) async throws(RegistryError) -> RegistryUpdate {
        if let update = table.update(after: revision) { return update }
        guard waiters.count < Self.waiterLimit else { throw .full(limit: Self.waiterLimit) }
        nextWaiter += 1
        let number = nextWaiter
        let result: Result<RegistryUpdate, RegistryError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: .failure(.cancelled))
                } else {
                    waiters[number] = Waiter(seen: revision, continuation: continuation)
                }
            }
        } onCancel: {
            Task { await self.cancel(number) }
        }
        return try result.get()
    }

    private func cancel(_ number: UInt64) {
        waiters.removeValue(forKey: number)?.continuation.resume(returning: .failure(.cancelled))
    }

    /// Wakes every watcher that has something to see, and plans the next expiry.
    private func changed() {
        for (number, waiter) in waiters {
            guard let update = table.update(after: waiter.seen) else { continue }
            waiters[number] = nil
            waiter.continuation.resume(returning: .success(update))
        }
        planExpiry()
    }

    private func planExpiry() {
        guard let next = table.nextExpiry else {
            expiryTask?.cancel()
            expiryTask = nil
            expiryMoment = nil
            return
        }
        // A renewed lease only moves the moment away: the task that is due earlier wakes, finds nothing and plans anew.
        if let expiryMoment, expiryMoment <= next { return }
        expiryTask?.cancel()
        expiryMoment = next
        let pause = max(.zero, next - elapsed())
        expiryTask = Task { [weak self, sleep] in
            guard (try? await sleep(pause)) != nil else { return }
            await self?.expire()
        }
    }

    private func expire() {
        expiryMoment = nil
        table.expire(at: elapsed())
        changed()
    }
}
