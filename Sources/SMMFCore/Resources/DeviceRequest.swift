// SPDX-License-Identifier: MIT

/// Which graphics cards an instance sees: so many that no other instance has asked for, or these.
public enum DeviceRequest: Sendable, Hashable {
    case count(Int)
    /// Numbers as `nvidia-smi` shows them, or the cards' own long names (UUIDs).
    case list([String])

    /// The most cards of one machine.
    public static let limit = 64

    /// Reads a number, or a list of numbers and names.
    public init(_ value: JSONValue) throws(SMMFError) {
        switch value {
        case .integer(let count): self = .count(Int(clamping: count))
        case .array(let elements):
            var names: [String] = []
            for element in elements {
                switch element {
                case .integer(let number) where number >= 0: names.append("\(number)")
                case .string(let name): names.append(name)
                default: throw Self.wrong
                }
            }
            self = .list(names)
        default: throw Self.wrong
        }
    }

    private static let wrong = ResourceLimits.wrong("devices", "must be a number of cards, or which, like [0, 1]")

    func validate() throws(SMMFError) {
        switch self {
        case .count(let count):
            guard (1...Self.limit).contains(count) else {
                throw ResourceLimits.wrong("devices", "must be from 1 to \(Self.limit), but is \(count)")
            }
        case .list(let names):
            guard (1...Self.limit).contains(names.count), Set(names).count == names.count else {
                throw ResourceLimits.wrong("devices", "must name 1 to \(Self.limit) cards, each once")
            }
            // The names go into a variable that separates them by commas.
            guard names.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 100 && $0.utf8.allSatisfy(Self.isPlain) }) else {
                throw ResourceLimits.wrong("devices", "has a card whose name is no number and no UUID")
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."): true
        default: false
        }
    }
}

extension DeviceRequest: Codable, CustomStringConvertible {
    public var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .list(let names): "[\(names.joined(separator: ", "))]"
        }
    }

    public init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .count(let count): try container.encode(count)
        case .list(let names):
            try container.encode(names.map { name in Int64(name).map { JSONValue.integer($0) } ?? .string(name) })
        }
    }
}
