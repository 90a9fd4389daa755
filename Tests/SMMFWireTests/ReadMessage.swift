// SPDX-License-Identifier: MIT

import SMMFWire

/// A message as a parser has read it, in terms that all parsers share.
struct ReadMessage: Equatable {
    /// The method and target, or the status.
    var line = ""
    var minorVersion = 1
    /// In their order; names in lower case.
    var fields: [String] = []
    var body: [UInt8] = []
    var keepsAlive = true
}

/// What a parser made of some bytes.
struct ReadMessages: Equatable {
    /// Those that were read to their end.
    var complete: [ReadMessage] = []
    /// Why the next one was refused; nil when there is none or more bytes are needed.
    var refusal: String?
    /// Whether a message asked for another protocol, behind which nobody reads on.
    var isHandedOver = false
}

extension ReadMessages {
    /// What SMMF's parsers make of requests on one connection.
    init(requests bytes: [UInt8]) {
        var rest = bytes
        do {
            while true {
                var parser = RequestHeadParser()
                guard let head = try parser.parse(rest.span) else { return }
                var message = ReadMessage()
                message.line = Self.line(of: rest)
                message.minorVersion = head.version == .http10 ? 0 : 1
                message.keepsAlive = head.keepsAlive
                message.fields = Self.fields(parser.fields, in: rest)
                guard let used = try message.readBody(rest, from: head.length, head.framing) else { return }
                complete.append(message)
                rest.removeFirst(used)
                if !head.keepsAlive { return }
            }
        } catch { refusal = "\(error)" }
    }

    /// What they make of an answer; the connection ends behind the bytes.
    init(response bytes: [UInt8]) {
        do {
            var parser = ResponseHeadParser()
            guard let head = try parser.parse(bytes.span, answersHead: false) else { return }
            var message = ReadMessage()
            message.line = "\(head.status)"
            message.minorVersion = head.version == .http10 ? 0 : 1
            message.keepsAlive = head.keepsAlive
            message.fields = Self.fields(parser.fields, in: bytes)
            if try message.readBody(bytes, from: head.length, head.framing) != nil { complete.append(message) }
        } catch { refusal = "\(error)" }
    }

    private static func fields(_ list: FieldList, in bytes: [UInt8]) -> [String] {
        list.fields.map { field in
            "\(bytes.span.text(field.name.range).lowercased())=\(bytes.span.text(field.value.range))"
        }
    }

    /// The method and the whole target of a good request, of which the parser gives path and query only.
    private static func line(of bytes: [UInt8]) -> String {
        let line = bytes.drop { $0 == 13 || $0 == 10 }.prefix { $0 != 13 }
        return String(decoding: line.dropLast(" HTTP/1.1".utf8.count), as: UTF8.self)
    }
}

extension ReadMessage {
    /// Reads a body; nil when it is not complete.
    fileprivate mutating func readBody(_ bytes: [UInt8], from start: Int, _ framing: BodyFraming) throws -> Int? {
        var scanner = BodyScanner(framing)
        var offset = start
        while case .content(let range) = try scanner.next(bytes.span, from: &offset) { body += bytes[range] }
        return scanner.endsWithConnection ? offset : nil
    }
}
