// SPDX-License-Identifier: MIT

/// The samples of a Prometheus text page, by name, with all label sets of one name added up.
///
/// Source: the Prometheus text exposition format 0.0.4. Only what a load record needs is read; a line that is no
/// sample is passed over.
struct MetricsText {
    /// More names than this are no engine's page.
    private static let nameLimit = 4096

    private var sums: [Substring: Double] = [:]

    /// Reads a page.
    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && $0 != " " && $0 != "\t" }
            var rest = line.dropFirst(name.count)
            if rest.first == "{" {
                guard let end = rest.lastIndex(of: "}") else { continue }
                rest = rest[rest.index(after: end)...]
            }
            guard !name.isEmpty, let value = rest.split(whereSeparator: \.isWhitespace).first.flatMap({ Double($0) }),
                value.isFinite, sums[name] != nil || sums.count < Self.nameLimit
            else { continue }
            sums[name, default: 0] += value
        }
    }

    /// The sum of a name's samples; nil when the page has none.
    subscript(name: String) -> Double? { sums[Substring(name)] }

    /// A sum as a count; nil when the page has none, or a number that is no count.
    func count(_ name: String) -> Int? {
        guard let value = self[name], value >= 0, value < 1e15 else { return nil }
        return Int(value)
    }
}
