// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// JSON of the control APIs: keys sorted, so that the same value is the same text, and errors that name the field.
public enum ControlJSON {
    /// The value as JSON text.
    ///
    /// Secrets are masked unless `revealing`, which is for stores and registries, and for what a client sends.
    public static func encode(
        _ value: some Encodable,
        pretty: Bool = false,
        revealing: Bool = false
    ) throws -> [UInt8] {
        let encoder = JSONEncoder()
        if revealing, let key = CodingUserInfoKey.revealsSecrets { encoder.userInfo[key] = true }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return Array(try encoder.encode(value))
    }

    /// Reads a value; throws ``SMMFError`` that names the field at fault. Masked secrets are an error unless
    /// `takingMasks`, which is for those who only look.
    public static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8],
        takingMasks: Bool = false
    ) throws -> Value {
        let decoder = JSONDecoder()
        if takingMasks, let key = CodingUserInfoKey.takesMasks { decoder.userInfo[key] = true }
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw explain(error)
        }
    }

    private static func explain(_ error: DecodingError) -> SMMFError {
        switch error {
        case .keyNotFound(let key, let context):
            let field = path(context.codingPath + [key])
            return SMMFError(.invalidRequest, "The field \(field) is missing.", field: field)
        case .typeMismatch(let type, let context):
            let field = path(context.codingPath)
            return SMMFError(.invalidRequest, "The field \(field) must be \(describe(type)).", field: field)
        case .valueNotFound(_, let context):
            let field = path(context.codingPath)
            return SMMFError(.invalidRequest, "The field \(field) must not be null.", field: field)
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty { return SMMFError(.invalidRequest, "The body is not valid JSON.") }
            let field = path(context.codingPath)
            return SMMFError(.invalidRequest, "The field \(field): \(context.debugDescription)", field: field)
        @unknown default:
            return SMMFError(.invalidRequest, "The body cannot be read.")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
    }

    private static func describe(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is Int.Type, is Int64.Type, is UInt64.Type: "a whole number"
        case is Double.Type: "a number"
        default: "a \(type)"
        }
    }
}
