// SPDX-License-Identifier: MIT

/// Ends a stream that its upstream left unfinished so that no client can take it for a clean end: an error event, then
/// neither `[DONE]` nor a last chunk. The connection is closed behind it.
public enum BrokenStreamEpilogue {
    /// A started chunk with more bytes missing than this is not filled up; the connection is just closed.
    public static let fillLimit = 4096

    /// Appends the bytes that complete what was sent so far and carry an error as an event: `document` is its data, and
    /// `name` the event's, where the client's dialect names its events.
    ///
    /// `scanner` has followed the body just as it was sent. Returns false, and appends nothing, where no event can be
    /// told apart from the started content; the connection is then cut.
    public static func append(
        behind scanner: BodyScanner,
        _ document: [UInt8],
        named name: String? = nil,
        to output: inout [UInt8]
    ) -> Bool {
        var event: [UInt8] = []
        event.append(literal: "\n\n")
        if let name { event.append(contentsOf: "event: \(name)\n".utf8) }
        event.append(literal: "data: ")
        event.append(contentsOf: document)
        event.append(literal: "\n\n")
        if scanner.state == .untilClose {
            output.append(contentsOf: event)
            return true
        }
        guard completeChunk(scanner.state, &output) else { return false }
        appendChunk(event, to: &output)
        return true
    }

    /// Appends the same with an error as OpenAI's clients know it.
    public static func append(behind scanner: BodyScanner, _ error: ErrorEnvelope, to output: inout [UInt8]) -> Bool {
        var document: [UInt8] = []
        error.append(to: &document)
        return append(behind: scanner, document, to: &output)
    }

    /// Appends one chunk with `content`.
    public static func appendChunk(_ content: [UInt8], to output: inout [UInt8]) {
        output.append(hexadecimal: content.count)
        output.append(literal: "\r\n")
        output.append(contentsOf: content)
        output.append(literal: "\r\n")
    }

    private static func completeChunk(_ state: BodyScanner.State, _ output: inout [UInt8]) -> Bool {
        switch state {
        case .size(_, digits: 0): return true
        case .size(let value, let digits):
            // A lone zero would end the body; with one more digit it is a chunk like others.
            guard value > 0 || digits < BodyScanner.digitLimit else { return false }
            guard value <= fillLimit else { return false }
            output.append(literal: value > 0 ? "\r\n" : "1\r\n")
            fill(max(value, 1), &output)
        case .sizeExtension(let value, let place):
            guard value > 0, value <= fillLimit else { return false }
            output.append(literal: place.missing)
            output.append(literal: "\r\n")
            fill(value, &output)
        case .sizeLineFeed(let value):
            guard value > 0, value <= fillLimit else { return false }
            output.append(literal: "\n")
            fill(value, &output)
        case .chunk(let left):
            guard left <= fillLimit else { return false }
            fill(left, &output)
        case .chunkReturn: output.append(literal: "\r\n")
        case .chunkLineFeed: output.append(literal: "\n")
        case .untilClose, .length, .trailerStart, .trailerName, .trailerValue, .trailerLineFeed, .lastLineFeed, .done:
            return false
        }
        return true
    }

    private static func fill(_ count: Int, _ output: inout [UInt8]) {
        output.append(contentsOf: repeatElement(ASCII.lineFeed, count: count))
        output.append(literal: "\r\n")
    }
}
