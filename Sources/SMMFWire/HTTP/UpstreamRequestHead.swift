// SPDX-License-Identifier: MIT

/// Writes the head of a request towards an instance: what never changes is rendered once and kept.
public struct UpstreamRequestHead: Sendable {
    private let opening: [UInt8]

    /// Renders the start line, `Host`, and `Authorization` where the instance asks for one.
    ///
    /// `target` and `authority` come from configuration and have no spaces or line ends; `authorization` is the whole
    /// value, such as `Bearer …`.
    ///
    /// `lines` are whole field lines besides.
    public init(
        method: HTTPMethod,
        target: String,
        authority: String,
        authorization: String? = nil,
        lines: [UInt8] = []
    ) {
        var bytes: [UInt8] = []
        bytes.append(literal: method.name)
        bytes.append(ASCII.space)
        bytes.append(contentsOf: target.utf8)
        bytes.append(literal: " HTTP/1.1\r\n")
        bytes.append(field: "host", authority.utf8)
        if let authorization { bytes.append(field: "authorization", authorization.utf8) }
        bytes.append(contentsOf: lines)
        opening = bytes
    }

    /// Appends a whole head: the client's end-to-end fields pass, credentials and everything about the connection do
    /// not.
    ///
    /// `Accept-Encoding` is left out so that the answer can be followed, `Expect` because it was met here already, and
    /// what a browser says of the calling page because it is judged here.
    public func append(
        client fields: FieldList,
        in bytes: Span<UInt8>,
        contentLength: Int,
        requestID: RequestID,
        to output: inout [UInt8]
    ) {
        var room = opening.count + RequestID.longest + 64
        for field in fields.fields { room += field.name.range.count + field.value.range.count + 4 }
        output.append(addingCapacity: room) { output in
            output.append(contentsOf: opening)
            for field in fields.fields where !Self.isReplaced(field.id) && !fields.isHopByHop(field, in: bytes) {
                output.append(bytes, field.name.range)
                output.append(literal: ": ")
                output.append(bytes, field.value.range)
                output.append(literal: "\r\n")
            }
            output.append(literal: "x-request-id: ")
            requestID.append(to: &output)
            output.append(literal: "\r\ncontent-length: ")
            output.append(decimal: contentLength)
            output.append(literal: "\r\n\r\n")
        }
    }

    /// Appends a whole head for a body that is JSON, unless `contentType` says otherwise, with none of the client's fields,
    /// which are not meant for a provider, and may be of another dialect.
    public func append(
        fields: [UInt8] = [],
        contentType: [UInt8]? = nil,
        contentLength: Int,
        requestID: RequestID,
        to output: inout [UInt8]
    ) {
        output.append(contentsOf: opening)
        output.append(contentsOf: fields)
        output.append(literal: "content-type: ")
        if let contentType {
            output.append(contentsOf: contentType)
        } else {
            output.append(literal: "application/json")
        }
        output.append(literal: "\r\nx-request-id: ")
        requestID.append(to: &output)
        output.append(literal: "\r\ncontent-length: ")
        output.append(decimal: contentLength)
        output.append(literal: "\r\n\r\n")
    }

    private static func isReplaced(_ id: FieldName) -> Bool {
        switch id {
        case .host, .contentLength, .requestID, .authorization, .apiKey, .acceptEncoding, .expect,
            .origin, .requestMethod, .requestHeaders, .accessControl:
            true
        default: false
        }
    }
}
