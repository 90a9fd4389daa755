// SPDX-License-Identifier: MIT

import SMMFWire

/// Where a request's secret stands: `Authorization: Bearer …` as OpenAI's clients send it, or `x-api-key` as Anthropic's
/// do.
enum Credentials {
    /// The place of the secret's bytes; nil without any.
    static func find(_ fields: FieldList, in bytes: Span<UInt8>) -> Range<Int>? {
        if let value = fields.value(of: .authorization), let secret = bearer(value, bytes) { return secret }
        return fields.value(of: .apiKey).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func bearer(_ value: Range<Int>, _ bytes: Span<UInt8>) -> Range<Int>? {
        let scheme: StaticString = "bearer "
        let length = scheme.utf8CodeUnitCount
        guard value.count > length else { return nil }
        let isBearer = scheme.withUTF8Buffer { wanted in
            (0..<length).allSatisfy { bytes[value.lowerBound + $0] | 0x20 == wanted[$0] }
        }
        var start = value.lowerBound + length
        while start < value.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
        return isBearer && start < value.upperBound ? start..<value.upperBound : nil
    }
}
