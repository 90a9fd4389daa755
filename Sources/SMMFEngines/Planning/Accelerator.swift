// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What a machine computes with, where that decides which build of an engine it needs.
public enum Accelerator: Sendable, Hashable {
    case none
    case nvidia

    /// This machine's. NVIDIA's driver makes the device file when it has a card to drive.
    public static let here: Accelerator = access("/dev/nvidiactl", F_OK) == 0 ? .nvidia : .none

    /// Why an engine that needs a card cannot run here; nil where there is one.
    var lack: String? {
        self == .none ? "It needs one of NVIDIA's cards with its driver, and this machine has none." : nil
    }
}
