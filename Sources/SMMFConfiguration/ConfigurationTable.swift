// SPDX-License-Identifier: MIT

import SMMFCore

/// One table of a configuration file. Reading a member notes that it is known, so that ``finish()`` can refuse the rest.
final class ConfigurationTable {
    private let members: [String: JSONValue]
    private let name: String
    private let index: Int
    private let text: ConfigurationText
    private var known: Set<String> = []

    init(_ members: [String: JSONValue], name: String, index: Int = 0, text: ConfigurationText) {
        self.members = members
        self.name = name
        self.index = index
        self.text = text
    }

    /// An error about a member, with its line.
    func error(_ member: String, _ why: String, nextStep: String? = nil) -> SMMFError {
        let field = name.isEmpty ? member : "\(name).\(member)"
        let place = text.place(of: member, in: name, index: index)
        return SMMFError(.configuration, "\(place): \(field) \(why)", field: field, nextStep: nextStep)
    }

    func has(_ member: String) -> Bool { members[member] != nil }

    /// A member whose type its reader judges.
    func value(_ member: String) -> JSONValue? {
        known.insert(member)
        return members[member]
    }

    func string(_ member: String) throws(SMMFError) -> String? {
        known.insert(member)
        guard let value = members[member] else { return nil }
        guard let text = value.text else { throw error(member, "must be a string.") }
        return text
    }

    func requiredString(_ member: String) throws(SMMFError) -> String {
        guard let text = try string(member) else { throw error(member, "is missing.") }
        return text
    }

    func integer(_ member: String) throws(SMMFError) -> Int? {
        known.insert(member)
        guard let value = members[member] else { return nil }
        guard case .integer(let number) = value else { throw error(member, "must be a whole number.") }
        return Int(number)
    }

    func number(_ member: String) throws(SMMFError) -> Double? {
        known.insert(member)
        switch members[member] {
        case nil: return nil
        case .integer(let number): return Double(number)
        case .number(let number): return number
        default: throw error(member, "must be a number.")
        }
    }

    func bool(_ member: String) throws(SMMFError) -> Bool? {
        known.insert(member)
        guard let value = members[member] else { return nil }
        guard case .bool(let flag) = value else { throw error(member, "must be true or false.") }
        return flag
    }

    func strings(_ member: String) throws(SMMFError) -> [String]? {
        known.insert(member)
        guard let value = members[member] else { return nil }
        guard let elements = value.elements else { throw error(member, "must be a list of strings.") }
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count else { throw error(member, "must be a list of strings.") }
        return texts
    }

    func table(_ member: String) throws(SMMFError) -> ConfigurationTable? {
        known.insert(member)
        guard let value = members[member] else { return nil }
        guard case .object(let members) = value else { throw error(member, "must be a table.") }
        let path = name.isEmpty ? member : "\(name).\(member)"
        return ConfigurationTable(members, name: path, index: index, text: text)
    }

    func tables(_ member: String) throws(SMMFError) -> [ConfigurationTable] {
        known.insert(member)
        guard let value = members[member] else { return [] }
        guard let elements = value.elements else { throw error(member, "must be written as [[\(member)]].") }
        var tables: [ConfigurationTable] = []
        for (index, element) in elements.enumerated() {
            guard case .object(let members) = element else { throw error(member, "must be written as [[\(member)]].") }
            tables.append(ConfigurationTable(members, name: member, index: index, text: text))
        }
        return tables
    }

    /// All members as tables, for tables whose members are names of the user's choice.
    func namedTables() throws(SMMFError) -> [(name: String, table: ConfigurationTable)] {
        var tables: [(String, ConfigurationTable)] = []
        for member in members.keys.sorted() {
            if let table = try table(member) { tables.append((member, table)) }
        }
        return tables
    }

    /// All members as strings.
    func namedStrings() throws(SMMFError) -> [String: String] {
        var strings: [String: String] = [:]
        for member in members.keys.sorted() { strings[member] = try string(member) }
        return strings
    }

    /// Refuses members that nobody read.
    func finish() throws(SMMFError) {
        guard let unknown = members.keys.filter({ !known.contains($0) }).min() else { return }
        let likely = NameSuggestion.nearest(to: unknown, among: Array(known), limit: 1).first
        throw error(
            unknown,
            "is unknown.",
            nextStep: likely.map { "Did you mean \($0)?" }
                ?? "Known here are \(known.sorted().joined(separator: ", "))."
        )
    }
}
