// SPDX-License-Identifier: MIT

public import SMMFCore

/// A start that fails: its cause, what the engine prints, and how it ends.
public struct SimulatedFailure: Sendable, Hashable {
    /// The cause, in SMMF's words.
    public let kind: InstanceFailure.Kind
    /// What the engine prints last.
    public let lines: [String]
    /// Its status, where no signal ends it.
    public let exitCode: Int32
    /// The signal that ends it.
    public let signal: Int32?

    init(_ kind: InstanceFailure.Kind, _ lines: [String], exitCode: Int32 = 1, signal: Int32? = nil) {
        self.kind = kind
        self.lines = lines
        self.exitCode = exitCode
        self.signal = signal
    }
}
