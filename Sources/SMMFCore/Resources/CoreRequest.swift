// SPDX-License-Identifier: MIT

/// Which processor cores an instance may run on: so many of the machine's choice, or those with these numbers.
public enum CoreRequest: Sendable, Hashable {
    case count(Int)
    case list([Int])

    /// One more than the highest number that a core can have.
    public static let limit = 1024

    /// Reads a list as Linux writes it, such as `0-3,8`.
    public init(list text: String) throws(SMMFError) {
        guard let cores = Self.parse(text) else {
            throw ResourceLimits.wrong("cores", "is \"\(text)\"; write a number of cores, or which, like \"0-3,8\"")
        }
        self = .list(cores)
    }

    /// Reads a number or a list.
    public init(_ value: JSONValue) throws(SMMFError) {
        switch value {
        case .integer(let count): self = .count(Int(clamping: count))
        case .string(let text): try self.init(list: text)
        default: throw ResourceLimits.wrong("cores", "must be a number of cores, or which, like \"0-3,8\"")
        }
    }

    /// The cores of a list, each once and in order; nil where it is none.
    public static func parse(_ text: String) -> [Int]? {
        var cores: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { end in
                end.allSatisfy { $0.isASCII && $0.isNumber || $0 == " " } ? Int(end.filter { $0 != " " }) : nil
            }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, last < limit else {
                return nil
            }
            cores.formUnion(first...last)
        }
        return cores.isEmpty ? nil : cores.sorted()
    }

    /// Cores as a list, the shortest way.
    public static func text(_ cores: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for core in cores.sorted() {
            if let last = ranges.last, core <= last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(core, last.upperBound)
            } else {
                ranges.append(core...core)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }

    func validate() throws(SMMFError) {
        switch self {
        case .count(let count):
            guard (1...Self.limit).contains(count) else {
                throw ResourceLimits.wrong("cores", "must be from 1 to \(Self.limit), but is \(count)")
            }
        case .list(let cores):
            guard !cores.isEmpty, cores.allSatisfy({ (0..<Self.limit).contains($0) }) else {
                throw ResourceLimits.wrong("cores", "must name cores from 0 to \(Self.limit - 1)")
            }
        }
    }
}

extension CoreRequest: Codable, CustomStringConvertible {
    public var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .list(let cores): Self.text(cores)
        }
    }

    public init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .count(let count): try container.encode(count)
        case .list(let cores): try container.encode(Self.text(cores))
        }
    }
}
