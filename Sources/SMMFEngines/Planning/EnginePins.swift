// SPDX-License-Identifier: MIT

import CSMMFPins

/// The pinned sets that `tools/pin-engines` makes and the program carries within itself.
enum EnginePins {
    /// The set of an engine; empty where it has none.
    static func text(_ engine: String) -> String {
        smmf_pins(engine).map { String(cString: $0) } ?? ""
    }
}
