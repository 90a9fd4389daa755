// SPDX-License-Identifier: MIT

import Synchronization

/// Picks free ports on the loopback address.
///
/// As the engine opens its port only later, the same port is not given to anybody else in the meantime.
public final class PortAllocator: Sendable {
    private let uptime: @Sendable () -> Duration
    private let holdTime: Duration
    private let pick: @Sendable () -> Int?
    private let given = Mutex<[Int: Duration]>([:])

    /// How often the system is asked before giving up.
    private static let attempts = 64

    /// Creates an allocator that does not give out a port twice within `holdTime`.
    public convenience init(clock: any Clock<Duration>, holdTime: Duration = .seconds(60)) {
        self.init(clock: clock, holdTime: holdTime, pick: LoopbackPort.pick)
    }

    init(clock: any Clock<Duration>, holdTime: Duration, pick: @escaping @Sendable () -> Int?) {
        self.uptime = Uptime.reader(of: clock)
        self.holdTime = holdTime
        self.pick = pick
    }

    /// A free port, or nil when the system has none to give.
    public func next() -> Int? {
        given.withLock { given in
            let now = uptime()
            given = given.filter { now - $0.value < holdTime }
            for _ in 0..<Self.attempts {
                guard let port = pick() else { return nil }
                if given[port] == nil {
                    given[port] = now
                    return port
                }
            }
            return nil
        }
    }
}
