// SPDX-License-Identifier: MIT

import NIOCore
import NIOSSL
import SMMFCore

/// A transport's event loop: one thread that opens sockets and tells their owners what happens to them.
protocol LoopDriver: AnyObject, Sendable {
    /// The time when the loop last woke up; for deadlines, where some milliseconds do not matter.
    var now: NIODeadline { get }

    /// Runs `task` on the loop, from any thread. Returns false, without running it, when the loop has ended.
    @discardableResult
    func execute(_ task: @escaping @Sendable () -> Void) -> Bool

    /// Calls `tick` on the loop again and again until the loop ends. Call it on the loop, once.
    func startTicking(every interval: TimeAmount, _ tick: @escaping () -> Void)

    /// Accepts connections until `stopListening`; each gets an owner. Returns the port, which was free when `port` is 0.
    ///
    /// Several loops may listen on one port, which then shares its connections among them.
    func listen(
        host: String,
        port: Int,
        _ makeOwner: @escaping @Sendable () -> any LinkOwner
    ) async throws -> Int

    /// Accepts connections on a socket that listens already, which becomes the loop's own.
    func listen(on descriptor: Int32, _ makeOwner: @escaping @Sendable () -> any LinkOwner) async throws

    /// Stops accepting connections.
    func stopListening() async

    /// Opens a connection for `owner`, who is told of the outcome, with TLS by `handler` where it is given. Call it on the
    /// loop.
    func connect(
        to endpoint: Endpoint,
        securedBy handler: NIOSSLClientHandler?,
        within limit: Duration,
        for owner: any LinkOwner
    )

    /// Ends the loop once what it was told to execute is done.
    func end() async
}
