// SPDX-License-Identifier: MIT

/// A piece of a body that is sent at one moment: one event of a stream, or a reply.
struct SimulatorPart: Sendable, Equatable {
    var bytes: [UInt8]
    var tokens = 0
    /// The time before it.
    var pause = Duration.zero
}
