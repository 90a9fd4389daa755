// SPDX-License-Identifier: MIT

/// Reads `{"is_sleeping": true}`, which several engines answer at `/is_sleeping`.
enum SleepText {
    /// Whether the engine sleeps; nil for any other text.
    static func isSleeping(_ text: String) -> Bool? {
        let plain = text.filter { !$0.isWhitespace }
        return switch plain {
        case #"{"is_sleeping":true}"#: true
        case #"{"is_sleeping":false}"#: false
        default: nil
        }
    }
}
