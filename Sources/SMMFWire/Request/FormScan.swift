// SPDX-License-Identifier: MIT

/// The pass over a form with files (`multipart/form-data`, RFC 7578) that finds its model. It follows the delimiter that the
/// request's head names and no other, so that what stands inside a file cannot pass for a field.
struct FormScan {
    /// Bytes of one part's head.
    static let headLimit = 8192
    /// Parts of a form.
    static let partLimit = 256

    private let delimiter: [UInt8]
    private var parts = 0
    private var model: Range<Int>?
    private var streams: Bool?

    /// `boundary` is the parameter of the head's `content-type`.
    init(boundary: [UInt8]) { delimiter = Array("--".utf8) + boundary }

    /// The boundary that the value of `content-type` in `range` names; nil where it is no such form.
    static func boundary(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        let value = bytes.text(range)
        let pieces = value.split(separator: ";")
        guard pieces.first?.lowercased() == "multipart/form-data" else { return nil }
        for piece in pieces.dropFirst() {
            let halves = piece.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0].drop(while: { $0 == " " }).lowercased() == "boundary" else { continue }
            var text = halves[1]
            if text.hasPrefix("\""), text.hasSuffix("\""), text.count > 1 { text = text.dropFirst().dropLast() }
            return (1...70).contains(text.utf8.count) ? Array(text.utf8) : nil
        }
        return nil
    }

    mutating func run(_ bytes: Span<UInt8>) throws(RequestProblem) -> RequestPeek {
        guard begins(bytes, at: 0) else { throw .form("it does not begin with its boundary") }
        var position = delimiter.count
        while try goesOn(bytes, &position) {
            parts += 1
            guard parts <= Self.partLimit else { throw .form("it has more than \(Self.partLimit) parts") }
            let name = try head(bytes, &position)
            let end = try self.end(bytes, from: position)
            switch name {
            case "model":
                guard model == nil else { throw .repeated(.member(.model)) }
                guard position < end else { throw .wrong(.member(.model), .filledString) }
                model = position..<end
            case "stream":
                guard streams == nil else { throw .repeated(.member(.stream)) }
                streams = ["true", "True", "1"].contains(bytes.text(position..<end))
            default: break
            }
            position = end + 2 + delimiter.count
        }
        guard let model else { throw .missing(.member(.model)) }
        var peek = RequestPeek(model: JSONText(range: model, isEscaped: false))
        peek.isForm = true
        peek.streams = streams ?? false
        peek.input = 0..<bytes.count
        return peek
    }

    private func begins(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        guard bytes.count - start >= delimiter.count else { return false }
        for index in delimiter.indices where bytes[start + index] != delimiter[index] { return false }
        return true
    }

    /// Whether another part begins behind the delimiter that ended at `position`, which moves there.
    private func goesOn(_ bytes: Span<UInt8>, _ position: inout Int) throws(RequestProblem) -> Bool {
        guard bytes.count - position >= 2 else { throw .form("it is cut off") }
        let (first, second) = (bytes[position], bytes[position + 1])
        position += 2
        if first == UInt8(ascii: "-"), second == UInt8(ascii: "-") { return false }
        guard first == ASCII.carriageReturn, second == ASCII.lineFeed else {
            throw .form("something stands behind its boundary")
        }
        return true
    }

    /// Reads a part's head, and returns its name.
    private func head(_ bytes: Span<UInt8>, _ position: inout Int) throws(RequestProblem) -> String {
        var name: String?
        let start = position
        while true {
            guard let end = bytes.firstIndex(of: ASCII.lineFeed, from: position, to: bytes.count), end > position,
                bytes[end - 1] == ASCII.carriageReturn, end - start <= Self.headLimit
            else { throw .form("the head of a part has no end") }
            let line = bytes.text(position..<(end - 1))
            position = end + 1
            if line.isEmpty { break }
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].lowercased() == "content-disposition" else { continue }
            let names = Self.names(String(halves[1]))
            // Readers differ in which of several names counts, and in whether an encoded one (RFC 5987) does.
            guard name == nil, names.count <= 1 else { throw .form("a part has two names") }
            guard !names.contains(nil) else { throw .form("a part has an encoded name") }
            name = names.first ?? nil
        }
        guard let name else { throw .form("a part has no name") }
        return name
    }

    /// The values of `name` among the parameters of a disposition, and nil for each `name*`; a quote may stand in a value
    /// behind a backslash.
    private static func names(_ disposition: String) -> [String?] {
        var names: [String?] = []
        var rest = Array(disposition.utf8)[...]
        while let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) {
            rest = rest[(semicolon + 1)...].drop { $0 == ASCII.space }
            let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
            rest = rest.dropFirst(key.count)
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest = rest.dropFirst()
            var value: [UInt8] = []
            if rest.first == ASCII.quote {
                rest = rest.dropFirst()
                while let byte = rest.first, byte != ASCII.quote {
                    if byte == ASCII.backslash { rest = rest.dropFirst() }
                    if let plain = rest.first { value.append(plain) }
                    rest = rest.dropFirst()
                }
                rest = rest.dropFirst()
            } else {
                value = Array(rest.prefix { $0 != UInt8(ascii: ";") && $0 != ASCII.space })
                rest = rest.dropFirst(value.count)
            }
            switch String(decoding: key, as: UTF8.self).lowercased().filter({ $0 != " " && $0 != "\t" }) {
            case "name": names.append(String(decoding: value, as: UTF8.self))
            case "name*": names.append(nil)
            default: break
            }
        }
        return names
    }

    /// Where the content ends that begins at `start`: at the line end in front of the next delimiter.
    private func end(_ bytes: Span<UInt8>, from start: Int) throws(RequestProblem) -> Int {
        var position = start
        while let place = bytes.firstIndex(of: ASCII.carriageReturn, from: position, to: bytes.count) {
            if place + 1 < bytes.count, bytes[place + 1] == ASCII.lineFeed, begins(bytes, at: place + 2) {
                return place
            }
            position = place + 1
        }
        throw .form("it is cut off")
    }
}
