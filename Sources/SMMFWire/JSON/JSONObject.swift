// SPDX-License-Identifier: MIT

/// The members of a JSON object in their order; no two have the same key.
///
/// Kept as a list, since order must survive (providers' prompt caches compare bytes) and objects of the APIs are small.
public struct JSONObject: Sendable, Hashable {
    /// One key with its value.
    public struct Member: Sendable, Hashable {
        public let key: String
        public internal(set) var value: JSONTree

        /// Creates a member.
        public init(_ key: String, _ value: JSONTree) {
            self.key = key
            self.value = value
        }
    }

    /// The members in the order in which they stand or were set.
    public private(set) var members: [Member] = []

    /// Creates an empty object.
    public init() {}

    /// Takes over members that a reader has checked for repeated keys.
    init(checked members: [Member]) { self.members = members }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }
    /// How many members there are.
    public var count: Int { members.count }
    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The value under `key`. Setting one keeps the member's place or adds it at the end; setting nil removes it.
    public subscript(key: String) -> JSONTree? {
        get {
            for member in members where Self.same(member.key, key) { return member.value }
            return nil
        }
        set {
            guard let index = members.firstIndex(where: { Self.same($0.key, key) }) else {
                if let newValue { members.append(Member(key, newValue)) }
                return
            }
            if let newValue { members[index].value = newValue } else { members.remove(at: index) }
        }
    }

    /// Takes the member out and returns its value.
    public mutating func remove(_ key: String) -> JSONTree? {
        guard let index = members.firstIndex(where: { Self.same($0.key, key) }) else { return nil }
        return members.remove(at: index).value
    }

    /// Sets the members of `other` whose keys do not stand here yet.
    public mutating func merge(missing other: JSONObject) {
        for member in other.members where self[member.key] == nil { self[member.key] = member.value }
    }

    /// Keys are the same when their bytes are: Swift's own comparison also equates different spellings of one character.
    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Writes an object down; of a repeated key the last value stays.
    public init(dictionaryLiteral elements: (String, JSONTree)...) {
        for (key, value) in elements { self[key] = value }
    }
}
