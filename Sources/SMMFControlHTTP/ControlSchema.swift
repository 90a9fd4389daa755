// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The shape of a body, read off an example value of the very type that the server encodes, so that the document
/// cannot drift from the code.
public struct ControlSchema: Sendable {
    /// The component's name in the OpenAPI document.
    public let name: String
    /// The example as JSON.
    public let example: JSONValue

    /// Creates a schema from an example; a value that cannot be encoded gives an empty object.
    public init(_ name: String, example: some Encodable) {
        self.name = name
        let encoded = try? ControlJSON.encode(example)
        self.example = encoded.flatMap { try? ControlJSON.decode(JSONValue.self, from: $0) } ?? .object([:])
    }

    /// The JSON Schema of the example.
    public var document: JSONValue { Self.describe(example) }

    private static func describe(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null: [:]
        case .bool: ["type": "boolean"]
        case .integer: ["type": "integer"]
        case .number: ["type": "number"]
        case .string: ["type": "string"]
        case .array(let elements):
            ["type": "array", "items": elements.first.map(describe) ?? [:]]
        case .object(let members):
            ["type": "object", "properties": .object(members.mapValues(describe))]
        }
    }
}
