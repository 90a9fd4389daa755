// SPDX-License-Identifier: MIT

import Synchronization

/// Memory that a simulated engine really holds, as an engine holds a model's weights.
final class SimulatorBallast: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    /// Takes or gives back memory until it holds what the script says.
    func follow(_ script: SimulatorScript) {
        let isGiven = script.isAsleep && script.sleepFault != .keep
        let wanted = isGiven ? 0 : script.ballast << 20
        bytes.withLock { bytes in
            guard bytes.count != wanted else { return }
            // Written, so that the system really gives it.
            bytes = [UInt8](repeating: 1, count: wanted)
        }
    }
}
