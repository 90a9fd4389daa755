// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct GateTests {
    @Test func `nobody passes a closed gate, and everybody an open one`() async throws {
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { try await gate.wait() } }
            try await gate.wait(untilWaiters: 3)
            #expect(gate.waiting == 3)
            #expect(gate.passed == 0)
            gate.open()
            #expect(gate.passed == 3)
            try await group.waitForAll()
        }
        try await gate.wait()
        #expect(gate.passed == 4)
        #expect(gate.waiting == 0)
    }

    @Test func `a closed gate holds again`() async throws {
        let gate = Gate()
        gate.open()
        gate.close()
        #expect(!gate.isOpen)
        let task = Task { try await gate.wait() }
        try await gate.wait(untilWaiters: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(gate.waiting == 0)
        #expect(gate.passed == 0)
    }

    @Test func `a task that is cancelled before it comes does not wait`() async throws {
        let gate = Gate()
        let start = Gate()
        let task = Task {
            try? await start.wait()
            try await gate.wait()
        }
        try await start.wait(untilWaiters: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(gate.waiting == 0)
    }

    @Test func `the list of waiters has a limit`() async throws {
        let gate = Gate(limit: 1)
        let first = Task { try await gate.wait() }
        // A watch would take the only place, so this looks instead.
        while gate.waiting == 0 { await Task.yield() }
        await #expect(throws: TooManyWaiters.self) { try await gate.wait() }
        await #expect(throws: TooManyWaiters.self) { try await gate.wait(untilWaiters: 2) }
        gate.open()
        try await first.value
        #expect(gate.passed == 1)
    }

    @Test func `watchers of different counts wake at their own count`() async throws {
        let gate = Gate()
        let two = Task { try await gate.wait(untilWaiters: 2) }
        let waiters = (0..<2).map { _ in Task { try await gate.wait() } }
        try await two.value
        #expect(gate.waiting == 2)
        gate.open()
        for waiter in waiters { try await waiter.value }
    }
}
