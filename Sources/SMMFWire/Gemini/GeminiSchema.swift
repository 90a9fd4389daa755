// SPDX-License-Identifier: MIT

/// Gemini's own schemas are those of OpenAPI with the names of types in capitals; others want them as JSON Schema has them.
enum GeminiSchema {
    /// `schema` with types in lower case and without what only Gemini knows.
    static func lowered(_ schema: JSONTree) -> JSONTree { lowered(schema, isSchema: true) }

    private static func lowered(_ tree: JSONTree, isSchema: Bool) -> JSONTree {
        switch tree {
        case .array(let list): return .array(list.map { lowered($0, isSchema: isSchema) })
        case .object(let object):
            var output = JSONObject()
            for member in object.members {
                guard isSchema else {
                    // Members of `properties` are names, and their values schemas.
                    output[member.key] = lowered(member.value, isSchema: true)
                    continue
                }
                switch member.key {
                case "type": output["type"] = member.value.string.map { .string($0.lowercased()) } ?? member.value
                case "propertyOrdering": continue
                case "properties": output["properties"] = lowered(member.value, isSchema: false)
                case "items", "anyOf": output[member.key] = lowered(member.value, isSchema: true)
                default: output[member.key] = member.value
                }
            }
            return .object(output)
        default: return tree
        }
    }
}
