// SPDX-License-Identifier: MIT

import SMMFWorker
import Synchronization

/// Ports of 127.0.0.1 on which nobody listens.
///
/// Another process may take the port before the caller does, so let a server bind port 0 itself wherever it can, and use
/// this for programs that want a number, or for a number that must refuse connections.
public enum FreePort {
    /// No port was to be had.
    public struct NoPort: Error, Sendable, CustomStringConvertible {
        /// What was tried.
        public let description: String
    }

    private static let given = Mutex<[Int]>([])
    private static let remembered = 512

    /// A free port that this process has not been given lately.
    public static func next() throws(NoPort) -> Int {
        for _ in 0..<64 {
            guard let port = LoopbackPort.pick() else { break }
            let isNew = given.withLock { given in
                if given.contains(port) { return false }
                if given.count == remembered { given.removeFirst() }
                given.append(port)
                return true
            }
            if isNew { return port }
        }
        throw NoPort(description: "every port tried was taken, or given to this process already")
    }
}
