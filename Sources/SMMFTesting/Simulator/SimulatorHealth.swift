// SPDX-License-Identifier: MIT

/// What a simulated engine answers at `/health` once its model is loaded.
public enum SimulatorHealth: String, Sendable, Hashable, CaseIterable {
    /// 200.
    case ok
    /// 503, while everything else works.
    case failing
    /// Nothing, ever.
    case hanging
}
