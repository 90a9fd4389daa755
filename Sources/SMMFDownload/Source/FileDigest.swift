// SPDX-License-Identifier: MIT

/// What a file's content must be. Hubs name SHA-256 for large files; for small ones Hugging Face has git's name of the
/// content only, which is SHA-1 over a short head and the content.
enum FileDigest: Sendable, Hashable {
    case sha256(String)
    case git(String)

    /// Nil unless it is 64 hexadecimal digits.
    init?(sha256 text: String) {
        guard let hex = Self.hex(text, 64) else { return nil }
        self = .sha256(hex)
    }

    /// Nil unless it is 40 hexadecimal digits.
    init?(git text: String) {
        guard let hex = Self.hex(text, 40) else { return nil }
        self = .git(hex)
    }

    private static func hex(_ text: String, _ count: Int) -> String? {
        let hex = text.lowercased()
        guard hex.utf8.count == count, hex.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else { return nil }
        return hex
    }
}

extension FileDigest: Codable, CustomStringConvertible {
    var description: String {
        switch self {
        case .sha256(let hex): "sha256:\(hex)"
        case .git(let hex): "git:\(hex)"
        }
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let read = parts.count == 2 ? (parts[0] == "git" ? Self(git: parts[1]) : Self(sha256: parts[1])) : nil
        guard let read else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no digest"))
        }
        self = read
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
