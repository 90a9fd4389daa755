// SPDX-License-Identifier: MIT

/// A JSON document as a value (RFC 8259), for the paths that must understand a whole body: translation between dialects.
///
/// What it does not change, it writes back as it was: order of members, the digits of numbers, every character. Only white
/// space and the spelling of escapes are lost.
public enum JSONTree: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number as it is written, so that no digit is lost.
    case number(String)
    case string(String)
    case array([JSONTree])
    case object(JSONObject)

    /// The value under `key` when this is an object that has it. Setting makes this an object where it is none.
    public subscript(key: String) -> JSONTree? {
        get {
            guard case .object(let object) = self else { return nil }
            return object[key]
        }
        set {
            var object = object ?? JSONObject()
            // Let go of the old value first, so that the members are changed in place.
            self = .null
            object[key] = newValue
            self = .object(object)
        }
    }

    /// The element at `index` when this is an array that is long enough.
    public subscript(index: Int) -> JSONTree? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The object, or nil for anything else.
    public var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// The elements, or nil for anything else.
    public var array: [JSONTree]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The string, or nil for anything else.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The truth value, or nil for anything else.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The number when it is a whole one that fits, also where it is written as `5.0` or `5e2`.
    public var int: Int? {
        guard case .number(let text) = self else { return nil }
        if let value = Int(text) { return value }
        guard let value = Double(text), value.magnitude <= 9_007_199_254_740_992 else { return nil }
        return Int(exactly: value)
    }

    /// The number when it is finite.
    public var double: Double? {
        guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The value, or nil for `null`; APIs write `null` for what is not there.
    public var present: JSONTree? { isNull ? nil : self }

    /// The number for `value`, whole ones without a point; JSON has nothing for infinity and the like, so they are `null`.
    public static func number(_ value: Double) -> JSONTree {
        guard value.isFinite else { return .null }
        if value.magnitude <= 9_007_199_254_740_992, let whole = Int(exactly: value) { return .number("\(whole)") }
        return .number("\(value)")
    }

    /// The number for `value`.
    public static func number(_ value: Int) -> JSONTree { .number("\(value)") }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Writes a string down.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Writes a number down.
    public init(integerLiteral value: Int) { self = .number(value) }
    /// Writes a truth value down.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Writes an array down.
    public init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
    /// Writes an object down; of a repeated key the last value stays.
    public init(dictionaryLiteral elements: (String, JSONTree)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}
