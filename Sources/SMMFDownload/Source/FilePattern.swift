// SPDX-License-Identifier: MIT

/// A pattern of file names as hubs' own clients take them: `*` is any characters, slashes too, and `?` is one.
struct FilePattern: Sendable {
    private let pattern: [Character]

    init(_ text: String) { pattern = Array(text) }

    /// Whether a text has anything that makes it a pattern or a file's name, and not a bare word.
    static func isPattern(_ text: String) -> Bool { text.contains { "*?/.".contains($0) } }

    /// Whether the whole path fits; the work is bounded by the product of both lengths.
    func matches(_ path: String) -> Bool {
        let path = Array(path)
        var at = 0
        var index = 0
        var star: (pattern: Int, path: Int)?
        while index < path.count {
            if at < pattern.count, pattern[at] == "*" {
                star = (at, index)
                at += 1
            } else if at < pattern.count, pattern[at] == "?" || pattern[at] == path[index] {
                at += 1
                index += 1
            } else if let last = star {
                star = (last.pattern, last.path + 1)
                at = last.pattern + 1
                index = last.path + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }
}
