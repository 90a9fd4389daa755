// SPDX-License-Identifier: MIT

import Synchronization

/// A value behind a lock, and the tasks that wait for it to become something; no clock and no polling.
///
/// The common ground of ``Gate``, ``ManualClock`` and the simulator's statistics.
final class WaitRoom<State: Sendable>: Sendable {
    private struct Guest {
        let id: UInt64
        let isReady: @Sendable (inout State) -> Bool
        let leave: @Sendable (inout State) -> Void
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Content {
        var state: State
        var guests: [Guest] = []
        var nextID: UInt64 = 0
    }

    private enum Entry { case waits, passes, refused(any Error) }

    private let content: Mutex<Content>
    private let limit: Int

    init(_ state: State, limit: Int) {
        content = Mutex(Content(state: state))
        self.limit = limit
    }

    /// Reads or changes the value, then wakes every task whose condition has come true.
    @discardableResult
    func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, awake) = content.withLock { content in
            let result = body(&content.state)
            return (result, content.guests.isEmpty ? [] : Self.wake(&content))
        }
        for continuation in awake { continuation.resume() }
        return result
    }

    /// Waits until `isReady` answers true; it may change the value in the same step, to claim what it waited for.
    ///
    /// `arrive` runs when the task really has to wait, `leave` when that wait ends, woken or cancelled.
    /// Throws ``TooManyWaiters`` at the limit and `CancellationError` when the task is cancelled.
    func wait(
        arrive: @escaping @Sendable (inout State) -> Void = { _ in },
        leave: @escaping @Sendable (inout State) -> Void = { _ in },
        until isReady: @escaping @Sendable (inout State) -> Bool
    ) async throws {
        let id = content.withLock { content in
            content.nextID += 1
            return content.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let guest = Guest(id: id, isReady: isReady, leave: leave, continuation: continuation)
                admit(guest, arrive: arrive)
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func admit(_ guest: Guest, arrive: @Sendable (inout State) -> Void) {
        let (entry, awake): (Entry, [CheckedContinuation<Void, any Error>]) = content.withLock { content in
            // A cancellation before this point found no guest to wake, so it is looked up here.
            if Task.isCancelled { return (.refused(CancellationError()), []) }
            if guest.isReady(&content.state) { return (.passes, Self.wake(&content)) }
            if content.guests.count >= limit { return (.refused(TooManyWaiters(limit: limit)), []) }
            content.guests.append(guest)
            arrive(&content.state)
            return (.waits, Self.wake(&content))
        }
        switch entry {
        case .waits: break
        case .passes: guest.continuation.resume()
        case .refused(let error): guest.continuation.resume(throwing: error)
        }
        for continuation in awake { continuation.resume() }
    }

    private func cancel(_ id: UInt64) {
        let (guest, awake): (Guest?, [CheckedContinuation<Void, any Error>]) = content.withLock { content in
            guard let index = content.guests.firstIndex(where: { $0.id == id }) else { return (nil, []) }
            let guest = content.guests.remove(at: index)
            guest.leave(&content.state)
            return (guest, Self.wake(&content))
        }
        guest?.continuation.resume(throwing: CancellationError())
        for continuation in awake { continuation.resume() }
    }

    /// Takes out every guest that is ready, again from the front while leaving changes what others wait for.
    private static func wake(_ content: inout Content) -> [CheckedContinuation<Void, any Error>] {
        var awake: [CheckedContinuation<Void, any Error>] = []
        var index = 0
        while index < content.guests.count {
            guard content.guests[index].isReady(&content.state) else {
                index += 1
                continue
            }
            let guest = content.guests.remove(at: index)
            guest.leave(&content.state)
            awake.append(guest.continuation)
            index = 0
        }
        return awake
    }
}
