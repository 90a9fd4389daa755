// SPDX-License-Identifier: MIT

/// Refuses members that a document must not have, with a suggestion: a misspelt option that is silently ignored costs
/// its user an evening.
package enum StrictKeys {
    /// Throws ``SMMFError`` that names the first unknown member of the object being decoded.
    package static func check(_ decoder: any Decoder, known: [String]) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        for key in container.allKeys.map(\.stringValue).sorted() where !known.contains(key) {
            let path = (decoder.codingPath.map(\.stringValue) + [key]).joined(separator: ".")
            let likely = NameSuggestion.nearest(to: key, among: known, limit: 1).first
            throw SMMFError(
                .invalidRequest,
                "The field \(path) is unknown.",
                field: path,
                nextStep: likely.map { "Did you mean \($0)?" } ?? "Known are \(known.sorted().joined(separator: ", "))."
            )
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(stringValue: String) {
            self.stringValue = stringValue
            self.intValue = nil
        }

        init(intValue: Int) {
            self.stringValue = String(intValue)
            self.intValue = intValue
        }
    }
}
