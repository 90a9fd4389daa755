// SPDX-License-Identifier: MIT

/// Lines of labels and values.
enum Page {
    static func line(_ label: String, _ text: String) {
        let padding = String(repeating: " ", count: max(1, 16 - label.count))
        Terminal.write(Terminal.styled(label, .dim) + padding + plain(text) + "\n")
    }

    /// A text without control characters: an engine's log lines must not drive the terminal.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
