// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files that come in base64.
enum PlayedMedia {
    /// An image with its size, and its type told by its first bytes where nobody says it.
    static func image(_ base64: String, type: String?, field: String) throws(PlayedError) -> PlayedQuestion.Image {
        guard let data = Data(base64Encoded: base64) else { throw .wrong(field, "no base64") }
        return PlayedQuestion.Image(type: type ?? kind(Array(data.prefix(4))), bytes: data.count)
    }

    private static func kind(_ start: [UInt8]) -> String {
        switch start {
        case [0x89, 0x50, 0x4E, 0x47]: "image/png"
        case [0x47, 0x49, 0x46, 0x38]: "image/gif"
        case [0x52, 0x49, 0x46, 0x46]: "image/webp"
        default: start.starts(with: [0xFF, 0xD8]) ? "image/jpeg" : "unknown"
        }
    }
}
