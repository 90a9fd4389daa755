// SPDX-License-Identifier: MIT

/// The text of a configuration file, for finding the line that an error is about.
///
/// The TOML parser gives positions for syntax errors only, so a member's line is found by its table's header and name.
struct ConfigurationText {
    let file: String
    private let lines: [Substring]

    init(file: String, text: String) {
        self.file = file
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// `file:line` of a member of the `index`th table of the given name, or the file alone when it is not found.
    func place(of member: String, in table: String, index: Int) -> String {
        var seen = -1
        var isInside = table.isEmpty
        for (number, line) in lines.enumerated() {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.hasPrefix("[") {
                let name = text.drop { $0 == "[" }.prefix { $0 != "]" }.filter { $0 != " " && $0 != "\"" }
                if name == table { seen += 1 }
                isInside = name == table && seen == index
                if isInside, member.isEmpty { return "\(file):\(number + 1)" }
            } else if isInside {
                let key = text.prefix { $0 != "=" && $0 != "." }.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
                if key == member { return "\(file):\(number + 1)" }
            }
        }
        return file
    }
}
