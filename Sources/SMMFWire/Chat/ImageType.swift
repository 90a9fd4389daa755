// SPDX-License-Identifier: MIT

/// Tells what kind of image base64 holds from its first characters, for APIs that do not say it.
enum ImageType {
    private static let openings = [
        ("iVBORw0KGgo", "image/png"), ("/9j/", "image/jpeg"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp"),
    ]

    /// The media type; PNG where nothing is known.
    static func guess(_ base64: String) -> String {
        openings.first { base64.hasPrefix($0.0) }?.1 ?? "image/png"
    }
}
