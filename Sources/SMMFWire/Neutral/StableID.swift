// SPDX-License-Identifier: MIT

/// Names that are made up where a dialect has none: the same input gives the same name, so that prompts stay the same and
/// providers' caches hit.
enum StableID {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// What the ids begin with that are made here, so that they are known when they come back.
    static let prefix = "call_smmf_"

    /// Letters and digits that depend on `text` alone (FNV-1a, 64 bits).
    static func letters(of text: String, count: Int) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        var letters: [UInt8] = []
        for _ in 0..<count {
            letters.append(alphabet[Int(hash % 62)])
            hash = hash / 62 &+ hash << 57
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// An id for the tool call at `index` of an answer to a conversation of so many messages.
    static func toolCall(_ index: Int, messages: Int) -> String { "\(prefix)\(messages)_\(index)" }
}
