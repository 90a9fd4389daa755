// SPDX-License-Identifier: MIT

public import SMMFCore

/// A request to a control API, read whole.
public struct ControlRequest: Sendable {
    /// The values of the path's parameters, percent-decoded.
    public let parameters: [String: String]
    /// The values of the query, percent-decoded.
    public let query: [String: String]
    public let body: [UInt8]

    /// Creates a request.
    public init(parameters: [String: String] = [:], query: [String: String] = [:], body: [UInt8] = []) {
        self.parameters = parameters
        self.query = query
        self.body = body
    }

    /// The body as a value; throws ``SMMFError`` that names the field at fault.
    public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard !body.isEmpty else { throw SMMFError(.invalidRequest, "The request needs a JSON body.") }
        return try ControlJSON.decode(type, from: body)
    }

    /// The path's parameter; throws when the route has none of that name.
    public func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else {
            throw SMMFError(.internal, "The route has no parameter \(name).")
        }
        return value
    }

    /// A whole number from the query, or `fallback`; throws ``SMMFError`` when it is not within `range`.
    public func number(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        guard let text = query[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw SMMFError(
                .invalidRequest,
                "The query parameter \(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).",
                field: name
            )
        }
        return value
    }
}

/// What a control API answers with.
public struct ControlAnswer: Sendable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]

    /// Creates an answer of any kind.
    public init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// A JSON body; secrets are masked unless `revealing`.
    public static func json(
        _ value: some Encodable,
        status: Int = 200,
        revealing: Bool = false
    ) throws -> ControlAnswer {
        let body = try ControlJSON.encode(value, revealing: revealing)
        return ControlAnswer(status: status, contentType: "application/json", body: body)
    }

    /// No body.
    public static let empty = ControlAnswer(status: 204, contentType: "", body: [])

    /// Plain text; the type may be refined, as Prometheus does.
    public static func text(_ text: String, contentType: String = "text/plain; charset=utf-8") -> ControlAnswer {
        ControlAnswer(status: 200, contentType: contentType, body: Array(text.utf8))
    }
}

/// The error body of every control API.
public struct ControlErrorBody: Sendable, Codable {
    public var error: SMMFError

    /// Wraps an error.
    public init(error: SMMFError) { self.error = error }
}
