// SPDX-License-Identifier: MIT

public import SMMFWire

/// A local route's answer.
public struct LocalResponse: Sendable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]
    /// More header fields.
    public var fields: [(name: String, value: String)]

    /// Creates an answer.
    public init(
        status: Int = 200,
        contentType: String = "application/json",
        body: [UInt8],
        fields: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.fields = fields
    }

    /// Creates an answer with OpenAI's error envelope.
    public init(status: Int, error: ErrorEnvelope, fields: [(name: String, value: String)] = []) {
        var body: [UInt8] = []
        error.append(to: &body)
        self.init(status: status, body: body, fields: fields)
    }
}
