// SPDX-License-Identifier: MIT

/// A loop as other threads hold it: they can only have something run there.
struct LoopHandle: @unchecked Sendable {
    let driver: any LoopDriver
    /// To be touched on the driver's thread alone, which is what makes this type sendable.
    let loop: RelayLoop

    init(_ loop: RelayLoop) {
        self.driver = loop.driver
        self.loop = loop
    }

    /// Runs `body` on the loop and returns its value, or nil when the loop has ended.
    func run<Value: Sendable>(_ body: @escaping @Sendable (RelayLoop) -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let isTaken = driver.execute { continuation.resume(returning: body(loop)) }
            if !isTaken { continuation.resume(returning: nil) }
        }
    }

    /// Runs `body` on the loop without waiting for it.
    func post(_ body: @escaping @Sendable (RelayLoop) -> Void) { driver.execute { body(loop) } }

    /// Lets requests finish and idle connections close, and returns when no connection is left.
    func drained() async {
        await withCheckedContinuation { continuation in
            let isTaken = driver.execute { loop.drain { continuation.resume() } }
            if !isTaken { continuation.resume() }
        }
    }
}
