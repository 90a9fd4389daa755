// SPDX-License-Identifier: MIT

/// One line that tells how far something has come: rewritten in place on a terminal, written once for each change
/// elsewhere.
struct ProgressLine {
    private var last = ""

    /// Shows `text` unless it is shown already.
    mutating func show(_ text: String) {
        guard text != last else { return }
        last = text
        if Terminal.isErrorTerminal {
            Terminal.writeError("\r\u{1B}[K" + String(text.prefix(120)))
        } else {
            Terminal.writeError(text + "\n")
        }
    }

    /// Leaves the line, wiped on a terminal.
    mutating func finish() {
        if Terminal.isErrorTerminal, !last.isEmpty { Terminal.writeError("\r\u{1B}[K") }
        last = ""
    }
}
