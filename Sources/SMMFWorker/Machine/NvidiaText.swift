// SPDX-License-Identifier: MIT

import SMMFCore

/// Reads what `nvidia-smi --format=csv,noheader` prints: one row a line, columns between commas, sizes as `24564 MiB`,
/// and `[N/A]` or `[Not Supported]` where the card does not tell (nvidia-smi(1), --help-query-gpu).
enum NvidiaText {
    /// The columns to ask for cards, in order.
    static let deviceColumns = "index,uuid,name,memory.total,memory.used"
    /// The columns to ask for processes, in order.
    static let useColumns = "gpu_uuid,pid,used_memory"

    /// The cards of a text of ``deviceColumns``; lines that are none are left out.
    static func devices(_ text: String) -> [Device] {
        let rows = rows(text).compactMap { row -> Device? in
            // A name may have commas of its own; the others have none.
            guard row.count >= 5, let index = Int(row[0]), index >= 0 else { return nil }
            return Device(
                index: index,
                uuid: known(row[1]),
                name: row[2..<(row.count - 2)].joined(separator: ", "),
                memory: bytes(row[row.count - 2]),
                used: bytes(row[row.count - 1])
            )
        }
        return Array(rows.sorted { $0.index < $1.index }.prefix(DeviceRequest.limit))
    }

    /// The entries of a text of ``useColumns``.
    static func use(_ text: String) -> [DeviceUse] {
        rows(text).compactMap { row in
            guard row.count == 3, let processID = Int32(row[1]) else { return nil }
            return DeviceUse(processID: processID, device: row[0], bytes: bytes(row[2]))
        }
    }

    private static func rows(_ text: String) -> [[String]] {
        text.split(whereSeparator: \.isNewline).map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    private static func known(_ text: String) -> String? { text.isEmpty || text.hasPrefix("[") ? nil : text }

    private static func bytes(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        guard let first = words.first, let number = Int(first), (0..<1 << 40).contains(number) else { return nil }
        switch words.count > 1 ? words[1] : "MiB" {
        case "MiB": return number << 20
        case "KiB": return number << 10
        case "GiB": return number < 1 << 30 ? number << 30 : nil
        default: return nil
        }
    }
}
