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
        var room = ownRoom + head.reason.range.count
        for field in fields.fields { room += field.name.range.count + field.value.range.count + 4 }
        output.append(addingCapacity: room) { output in
            output.append(literal: "HTTP/1.1 ")
            output.append(decimal: head.status)
            output.append(ASCII.space)
            if head.reason.isEmpty {
                output.append(literal: StatusReason.phrase(head.status))
            } else {
                output.append(bytes, head.reason.range)
            }
            output.append(literal: "\r\n")
            for field in fields.fields where !isReplaced(field.id) && !fields.isHopByHop(field, in: bytes) {
                output.append(bytes, field.name.range)
                output.append(literal: ": ")
                output.append(bytes, field.value.range)
                output.append(literal: "\r\n")
            }
            appendOwn(to: &output)
        }
    }

    /// Appends the head of an answer of our own.
    public func append(
        status: Int,
        contentType: String,
        extra: [(name: String, value: String)] = [],
        to output: inout [UInt8]
    ) {
        var room = ownRoom + contentType.utf8.count
        for field in extra { room += field.name.utf8.count + field.value.utf8.count + 4 }
        output.append(addingCapacity: room) { output in
            output.append(literal: "HTTP/1.1 ")
            output.append(decimal: status)
            output.append(ASCII.space)
            output.append(literal: StatusReason.phrase(status))
            output.append(literal: "\r\n")
            if framing != .length(0) && framing != .none {
                output.append(literal: "content-type: ")
                output.append(text: contentType)
                output.append(literal: "\r\n")
            }
            for field in extra {
                output.append(text: field.name)
                output.append(literal: ": ")
                // A line end in a value would start a field of somebody else's making.
                for byte in field.value.utf8 { output.append(ASCII.isFieldValue(byte) ? byte : ASCII.space) }
                output.append(literal: "\r\n")
            }
            appendOwn(to: &output)
        }
    }

    /// The most bytes of what is the same in every head: its first line, and our own fields.
    private var ownRoom: Int {
        512 + RateLimitFields.longest + RequestID.longest + lines.count + (instance?.utf8.count ?? 0)
    }

    private func appendOwn(to output: inout OutputSpan<UInt8>) {
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
        if let instance {
            output.append(literal: "smmf-instance: ")
            output.append(text: instance)
            output.append(literal: "\r\n")
        }
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
