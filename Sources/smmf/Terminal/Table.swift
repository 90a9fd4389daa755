// SPDX-License-Identifier: MIT

/// A listing in columns as wide as their widest cell.
struct Table {
    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: String...) { self.headings = headings }

    mutating func add(_ cells: String...) { rows.append(cells) }

    /// The table's text; empty cells show as a dash.
    var text: String {
        let all = [headings] + rows.map { row in row.map { $0.isEmpty ? "-" : Self.plain($0) } }
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let lines = all.enumerated().map { index, row in
            let cells = row.enumerated().map { column, cell in
                let isLast = column == row.count - 1
                return isLast ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            let line = cells.joined(separator: "  ")
            return index == 0 ? Terminal.styled(line, .bold) : line
        }
        return lines.joined(separator: "\n")
    }

    func print() { Terminal.write(text + "\n") }

    /// A cell without control characters: a name or a reason may come from a peer, and must not drive the terminal.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
