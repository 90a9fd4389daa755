// SPDX-License-Identifier: MIT

/// Monotonic time as a plain duration, whatever the clock's own instants are.
enum Uptime {
    /// Reads how long ago this reader was made, by the given clock.
    static func reader(of clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
