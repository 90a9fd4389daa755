// SPDX-License-Identifier: MIT

/// Cuts a stream of bytes into lines of bounded length. Any split of the bytes gives the same lines.
///
/// A line ends at a line feed, or at a carriage return, so that a progress bar is many short lines instead of an
/// endless one; empty lines are left out. What is longer than ``longestLine`` is cut there and the rest dropped.
struct LineSplitter {
    /// The most bytes kept of one line.
    static let longestLine = 4096

    private var pending: [UInt8] = []

    /// Takes more bytes and returns the lines that they complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if let line = finish() { lines.append(line) }
            } else if pending.count < Self.longestLine {
                pending.append(byte)
            }
        }
        return lines
    }

    /// Returns what is left when the stream has ended without a line feed.
    mutating func finish() -> String? {
        guard !pending.isEmpty else { return nil }
        defer { pending.removeAll(keepingCapacity: true) }
        return String(decoding: pending, as: UTF8.self)
    }
}
