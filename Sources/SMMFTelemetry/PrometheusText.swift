// SPDX-License-Identifier: MIT

/// A page in Prometheus' text format, version 0.0.4.
///
/// A family's help and type come once and its samples follow each other, as the format demands.
public struct PrometheusText: Sendable {
    /// What a number means.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// The content type of the page.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The page so far.
    public private(set) var text = ""

    /// Creates an empty page.
    public init() {}

    /// Begins a family; its samples follow.
    public mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Adds a whole number.
    public mutating func sample(_ name: String, _ value: Int, _ labels: [(String, String)] = []) {
        line(name, labels, String(value))
    }

    /// Adds a number.
    public mutating func sample(_ name: String, _ value: Double, _ labels: [(String, String)] = []) {
        line(name, labels, Self.format(value))
    }

    /// Adds a histogram's samples: `counts` has one element more than `bounds`, for what is beyond the last.
    public mutating func histogram(
        _ name: String,
        _ labels: [(String, String)],
        bounds: [Double],
        counts: [Int],
        sum: Double
    ) {
        var total = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? Self.format(bounds[index]) : "+Inf"
            line(name + "_bucket", labels + [("le", bound)], String(total))
        }
        line(name + "_sum", labels, Self.format(sum))
        line(name + "_count", labels, String(total))
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",") + "}"
        }
        text += " " + value + "\n"
    }

    private static func escape(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static func format(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
