// SPDX-License-Identifier: MIT

/// Takes the members of a request's object one by one and says which one is wrong; what is left are the ones that nobody
/// knows.
struct RequestMembers {
    /// What was not taken.
    private(set) var rest: JSONObject
    /// Where the object stands in the request; empty for the request itself.
    let path: String

    /// Takes the members of a value that must be an object.
    init(_ tree: JSONTree, at path: String = "") throws(TranslationRefusal) {
        guard case .object(let object) = tree else {
            throw TranslationRefusal(
                path.isEmpty ? "The body must be a JSON object." : "The field `\(path)` must be an object.",
                field: path.isEmpty ? nil : path
            )
        }
        rest = object
        self.path = path
    }

    /// The member's name from the top of the request.
    func field(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The refusal of a member that is not what it must be.
    func wrong(_ key: String, _ expectation: String) -> TranslationRefusal {
        TranslationRefusal("The field `\(field(key))` must be \(expectation).", field: field(key))
    }

    /// The refusal of a request without the member.
    func missing(_ key: String) -> TranslationRefusal {
        TranslationRefusal("The field `\(field(key))` is missing.", field: field(key))
    }

    /// Any value but null, which counts as absent.
    mutating func take(_ key: String) -> JSONTree? { rest.remove(key)?.present }

    mutating func string(_ key: String) throws(TranslationRefusal) -> String? {
        guard let value = take(key) else { return nil }
        guard let text = value.string else { throw wrong(key, "a string") }
        return text
    }

    mutating func needString(_ key: String) throws(TranslationRefusal) -> String {
        guard let text = try string(key) else { throw missing(key) }
        return text
    }

    mutating func int(_ key: String) throws(TranslationRefusal) -> Int? {
        guard let value = take(key) else { return nil }
        guard let number = value.int else { throw wrong(key, "a whole number") }
        return number
    }

    mutating func double(_ key: String) throws(TranslationRefusal) -> Double? {
        guard let value = take(key) else { return nil }
        guard let number = value.double else { throw wrong(key, "a number") }
        return number
    }

    mutating func bool(_ key: String) throws(TranslationRefusal) -> Bool? {
        guard let value = take(key) else { return nil }
        guard let flag = value.bool else { throw wrong(key, "true or false") }
        return flag
    }

    mutating func object(_ key: String) throws(TranslationRefusal) -> JSONObject? {
        guard let value = take(key) else { return nil }
        guard let object = value.object else { throw wrong(key, "an object") }
        return object
    }

    mutating func array(_ key: String) throws(TranslationRefusal) -> [JSONTree]? {
        guard let value = take(key) else { return nil }
        guard let elements = value.array else { throw wrong(key, "an array") }
        return elements
    }

    /// An object's own members.
    mutating func members(_ key: String) throws(TranslationRefusal) -> RequestMembers? {
        guard let value = take(key) else { return nil }
        return try RequestMembers(value, at: field(key))
    }

    /// A string, or an array of strings.
    mutating func strings(_ key: String) throws(TranslationRefusal) -> [String]? {
        guard let value = take(key) else { return nil }
        if let text = value.string { return [text] }
        var texts: [String] = []
        for element in value.array ?? [.null] {
            guard let text = element.string else { throw wrong(key, "a string or an array of strings") }
            texts.append(text)
        }
        return texts
    }
}
