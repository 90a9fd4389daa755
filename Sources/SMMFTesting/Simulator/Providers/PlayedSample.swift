// SPDX-License-Identifier: MIT

import SMMFWire

/// Makes a value that a JSON schema allows; always the same one for the same schema and seed.
enum PlayedSample {
    private static let deepest = 16

    static func value(of schema: JSONTree, seed: Int, depth: Int = 0) -> JSONTree {
        guard depth < deepest else { return .null }
        if let value = schema["const"] { return value }
        if let values = schema["enum"]?.array, !values.isEmpty { return values[seed % values.count] }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[key]?[0] { return value(of: first, seed: seed, depth: depth + 1) }
        }
        // Gemini's own schemas write types in capitals.
        switch (schema["type"]?.string ?? schema["type"]?[0]?.string ?? "object").lowercased() {
        case "string": return .string("text \(seed)")
        case "integer", "number":
            let least = schema["minimum"]?.int ?? 0
            let most = schema["maximum"]?.int ?? least + 100
            return .number(min(least + 7 + seed, most))
        case "boolean": return .bool(seed % 2 == 0)
        case "null": return .null
        case "array":
            let item = schema["items"] ?? ["type": "string"]
            let count = max(schema["minItems"]?.int ?? 1, 1)
            return .array((0..<min(count, 8)).map { value(of: item, seed: seed + $0, depth: depth + 1) })
        default:
            var object = JSONObject()
            for member in schema["properties"]?.object?.members ?? [] {
                object[member.key] = value(of: member.value, seed: seed, depth: depth + 1)
            }
            return .object(object)
        }
    }
}
