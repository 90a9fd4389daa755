// SPDX-License-Identifier: MIT

/// What goes wrong when a simulated engine is put to sleep and woken.
public enum SimulatorSleepFault: String, Sendable, Hashable, CaseIterable {
    /// It refuses to sleep.
    case refuse
    /// It sleeps and keeps its memory.
    case keep
    /// It refuses to wake.
    case stay
    /// It wakes and answers no request any more.
    case deaf
    /// It ends when it is woken.
    case die
}
