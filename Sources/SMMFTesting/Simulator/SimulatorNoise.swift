// SPDX-License-Identifier: MIT

/// What a simulated stream puts before each event that a client must skip.
public enum SimulatorNoise: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// A comment line and its blank line.
    case comments
    /// A lone blank line.
    case blanks
    /// Fields that are not `data`: `event:`, `id:` and `retry:`, in the event itself.
    case fields
}
