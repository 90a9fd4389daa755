// SPDX-License-Identifier: MIT

/// Writes the pieces of a simulated stream, as events (text/event-stream of the HTML standard) or as lines of JSON, as
/// form and script want them.
struct SimulatorEvents {
    let script: SimulatorScript
    let form: SimulatorForm
    /// Where the stream was asked for.
    let path: String

    private var lineEnd: String { script.crlf ? "\r\n" : "\n" }
    private var field: String { script.tight || form.isTight ? "data:" : "data: " }

    /// The whole stream: one part for each piece, with the pauses between the tokens.
    func parts(of answer: SimulatorAnswer) -> [SimulatorPart] {
        var parts: [SimulatorPart] = []
        var hasToken = false
        for frame in form.stream?(answer) ?? [] {
            let pause = frame.tokens > 0 && hasToken ? script.tokenInterval : .zero
            hasToken = hasToken || frame.tokens > 0
            let bytes = piece(frame.text, index: parts.count)
            parts.append(SimulatorPart(bytes: bytes, tokens: frame.tokens, pause: pause))
        }
        if script.done, form.hasDone, form.framing == .events {
            parts.append(SimulatorPart(bytes: piece("[DONE]", index: parts.count)))
        }
        if !parts.isEmpty { parts[0].pause = answer.start }
        return parts
    }

    /// A piece that carries an error object.
    var error: [UInt8] {
        piece(script.dialect.error(SimulatorError(500, script.errorMessage, path: path)), index: 0)
    }

    /// A piece that is neither JSON nor UTF-8.
    var malformed: [UInt8] {
        let start = form.framing == .events ? field : ""
        let end = form.framing == .events ? lineEnd + lineEnd : "\n"
        return Array("\(start){\"choices\":[{".utf8) + [0xFF, 0xC3, 0x28] + Array(end.utf8)
    }

    private func piece(_ data: String, index: Int) -> [UInt8] {
        guard form.framing == .events else { return Array("\(data)\n".utf8) }
        let before =
            switch script.noise {
            case .none: ""
            case .comments: ": keepalive \(index)\(lineEnd)\(lineEnd)"
            case .blanks: lineEnd
            case .fields: "event: message\(lineEnd)id: \(index)\(lineEnd)retry: 1000\(lineEnd)"
            }
        return Array("\(before)\(field)\(data)\(lineEnd)\(lineEnd)".utf8)
    }
}
