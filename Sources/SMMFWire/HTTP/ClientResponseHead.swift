// SPDX-License-Identifier: MIT

/// Writes the head of an answer to a client.
public struct ClientResponseHead: Sendable {
    /// What the answer says about the connection.
    public enum Connection: Sendable, Hashable {
        /// Nothing: HTTP/1.1 keeps it.
        case implied
        case close
        /// Said aloud to an HTTP/1.0 client.
        case keepAlive
    }

    public var framing: BodyFraming
    public var connection: Connection
    public var requestID: RequestID
    /// The instance that answered.
    public var instance: String?
    /// What is left to the caller, where it has limits; an instance's own word on that is left out then.
    public var rates: RateLimitFields?
    /// Whole field lines besides, with their ends.
    public var lines: [UInt8] = []

    /// Creates a head's own part.
    public init(
        framing: BodyFraming,
        connection: Connection,
        requestID: RequestID,
        instance: String? = nil,
        rates: RateLimitFields? = nil
    ) {
        self.framing = framing
        self.connection = connection
        self.requestID = requestID
        self.instance = instance
        self.rates = rates
    }

    /// Appends the head that stands in for an upstream's: its status and end-to-end fields, and our own framing.
    public func append(
        upstream head: ResponseHead,
        fields: FieldList,
        in bytes: Span<UInt8>,
        to output: inout [UInt8]
    ) {
        appendStatus(head.status, to: &output) { output in
            if head.reason.isEmpty {
                output.append(literal: StatusReason.phrase(head.status))
            } else {
                output.append(bytes, head.reason.range)
            }
        }
        for field in fields.fields where !isReplaced(field.id) && !fields.isHopByHop(field, in: bytes) {
            output.append(bytes, field.name.range)
            output.append(literal: ": ")
            output.append(bytes, field.value.range)
            output.append(literal: "\r\n")
        }
        appendOwn(status: head.status, to: &output)
    }

    /// Appends the head of an answer of our own.
    public func append(
        status: Int,
        contentType: String,
        extra: [(name: String, value: String)] = [],
        to output: inout [UInt8]
    ) {
        appendStatus(status, to: &output) { $0.append(literal: StatusReason.phrase(status)) }
        if framing != .length(0) && framing != .none {
            output.append(literal: "content-type: ")
            output.append(contentsOf: contentType.utf8)
            output.append(literal: "\r\n")
        }
        for field in extra {
            output.append(contentsOf: field.name.utf8)
            output.append(literal: ": ")
            // A line end in a value would start a field of somebody else's making.
            output.append(contentsOf: field.value.utf8.lazy.map { ASCII.isFieldValue($0) ? $0 : ASCII.space })
            output.append(literal: "\r\n")
        }
        appendOwn(status: status, to: &output)
    }

    private func appendStatus(_ status: Int, to output: inout [UInt8], reason: (inout [UInt8]) -> Void) {
        output.append(literal: "HTTP/1.1 ")
        output.append(decimal: status)
        output.append(ASCII.space)
        reason(&output)
        output.append(literal: "\r\n")
    }

    private func appendOwn(status: Int, to output: inout [UInt8]) {
        switch framing {
        case .length(let count):
            output.append(literal: "content-length: ")
            output.append(decimal: count)
            output.append(literal: "\r\n")
        case .chunked: output.append(literal: "transfer-encoding: chunked\r\n")
        case .none, .untilClose: break
        }
        switch connection {
        case .implied: break
        case .close: output.append(literal: "connection: close\r\n")
        case .keepAlive: output.append(literal: "connection: keep-alive\r\n")
        }
        output.append(contentsOf: lines)
        if let instance { output.append(field: "smmf-instance", instance.utf8) }
        rates?.append(to: &output)
        output.append(literal: "x-request-id: ")
        requestID.append(to: &output)
        output.append(literal: "\r\n\r\n")
    }

    private func isReplaced(_ id: FieldName) -> Bool {
        switch id {
        case .rateLimit: rates != nil
        // Which pages may read an answer is for this server to say, not for an engine behind it.
        case .contentLength, .requestID, .instance, .accessControl: true
        default: false
        }
    }
}
