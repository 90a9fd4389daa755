// SPDX-License-Identifier: MIT

/// What a line of an event stream is, told from its first bytes (WHATWG HTML, section 9.2.6).
enum EventLine: UInt8, Sendable, Hashable {
    /// Ends an event.
    case blank
    case data
    /// Data that begins like `{"error": …`.
    case errorData
    /// `data: [DONE]`, or Anthropic's `event: message_stop`.
    case done
    /// `event: error`.
    case errorEvent
    /// A JSON object without `data:` in front, as a few upstreams send errors.
    case bareObject
    /// A comment, an id, another event name.
    case other

    /// So many first bytes of a line are enough to tell.
    static let prefix = 48

    /// Reads a line's beginning, which may have its carriage return but not its line feed.
    init(_ bytes: Span<UInt8>, _ line: Range<Int>) {
        var range = line
        if !range.isEmpty, bytes[range.upperBound - 1] == ASCII.carriageReturn {
            range = range.lowerBound..<(range.upperBound - 1)
        }
        guard !range.isEmpty else {
            self = .blank
            return
        }
        if bytes.begins(range, with: "data:") {
            self = Self.data(bytes, bytes.trimmed((range.lowerBound + 5)..<range.upperBound))
        } else if bytes.begins(range, with: "event:") {
            let name = bytes.trimmed((range.lowerBound + 6)..<range.upperBound)
            self =
                bytes.matches(name, "error") ? .errorEvent : bytes.matches(name, "message_stop") ? .done : .other
        } else {
            self = bytes[range.lowerBound] == ASCII.openBrace ? .bareObject : .other
        }
    }

    private static func data(_ bytes: Span<UInt8>, _ payload: Range<Int>) -> EventLine {
        if bytes.begins(payload, with: "[DONE]") { return .done }
        guard !payload.isEmpty, bytes[payload.lowerBound] == ASCII.openBrace else { return .data }
        let inside = bytes.trimmed((payload.lowerBound + 1)..<payload.upperBound)
        guard bytes.begins(inside, with: "\"error\"") else { return .data }
        let behindKey = bytes.trimmed((inside.lowerBound + 7)..<inside.upperBound)
        guard !behindKey.isEmpty, bytes[behindKey.lowerBound] == ASCII.colon else { return .data }
        let value = bytes.trimmed((behindKey.lowerBound + 1)..<behindKey.upperBound)
        return value.isEmpty || bytes[value.lowerBound] == UInt8(ascii: "n") ? .data : .errorData
    }

    /// Where the JSON of a data line or bare object starts.
    func payload(_ line: Range<Int>) -> Range<Int> {
        switch self {
        case .data, .errorData, .done: min(line.lowerBound + 5, line.upperBound)..<line.upperBound
        default: line
        }
    }
}
