// SPDX-License-Identifier: MIT

import SMMFCore

/// Replaces `${env:NAME}` and `${env:NAME:-default}` in strings, as DB-GPT's files write them.
enum EnvironmentExpansion {
    /// The text with every reference replaced; throws when a variable without a default is not set.
    static func expand(_ text: String, _ environment: [String: String]) throws(SMMFError) -> String {
        guard text.contains("${env:") else { return text }
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstRange(ofText: "${env:") {
            result += rest[..<start.lowerBound]
            let body = rest[start.upperBound...]
            guard let end = body.firstIndex(of: "}") else {
                throw SMMFError(.configuration, "\"\(text)\" opens ${env: and does not close it.", field: text)
            }
            result += try value(of: body[..<end], environment)
            rest = body[body.index(after: end)...]
        }
        return result + rest
    }

    private static func value(of reference: Substring, _ environment: [String: String]) throws(SMMFError) -> String {
        let separator = reference.firstRange(ofText: ":-")
        let name = String(separator.map { reference[..<$0.lowerBound] } ?? reference)
        if let value = environment[name], !value.isEmpty { return value }
        if let separator { return String(reference[separator.upperBound...]) }
        throw SMMFError(
            .configuration,
            "The environment variable \(name) is not set.",
            field: name,
            nextStep: "Set it, or give a default as ${env:\(name):-default}."
        )
    }

    /// Expands every string of a document.
    static func expand(_ value: JSONValue, _ environment: [String: String]) throws(SMMFError) -> JSONValue {
        switch value {
        case .string(let text):
            return .string(try expand(text, environment))
        case .array(let elements):
            var expanded: [JSONValue] = []
            for element in elements { expanded.append(try expand(element, environment)) }
            return .array(expanded)
        case .object(let members):
            var expanded: [String: JSONValue] = [:]
            for (name, member) in members { expanded[name] = try expand(member, environment) }
            return .object(expanded)
        case .null, .bool, .integer, .number:
            return value
        }
    }
}

extension Substring {
    /// The first place of `text`; the standard library's own needs the string processing module.
    fileprivate func firstRange(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
