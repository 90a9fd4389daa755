// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventuallyTests {
    private struct Broken: Error, CustomStringConvertible { let description = "it broke" }

    @Test func `asks until the condition holds`() async throws {
        var looks = 0
        try await eventually("the third look", every: .zero) {
            looks += 1
            if looks == 2 { throw Broken() }
            return looks == 3
        }
        #expect(looks == 3)
    }

    @Test func `says what did not happen, and the last error`() async throws {
        let error = await #expect(throws: NotInTime.self) {
            try await eventually("pigs fly", within: .zero, every: .zero) { throw Broken() }
        }
        #expect(error?.awaited == "pigs fly")
        #expect(error?.lastError == "it broke")
        #expect(error?.description.contains("pigs fly") == true)
    }

    @Test func `does not swallow a cancellation`() async throws {
        let gate = Gate()
        let task = Task {
            try await eventually("never", every: .zero) {
                try await gate.wait()
                return false
            }
        }
        try await gate.wait(untilWaiters: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
