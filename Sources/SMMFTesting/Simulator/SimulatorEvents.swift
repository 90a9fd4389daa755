// SPDX-License-Identifier: MIT

/// Writes the events of a simulated stream (text/event-stream of the HTML standard) as the script wants them.
struct SimulatorEvents {
    let script: SimulatorScript

    private var lineEnd: String { script.crlf ? "\r\n" : "\n" }
    private var field: String { script.tight ? "data:" : "data: " }

    /// The whole stream: one part for each event, with the pauses between the tokens.
    func parts(of answer: SimulatorAnswer) -> [SimulatorPart] {
        var parts: [SimulatorPart] = []
        func add(_ data: String, tokens: Int = 0, pause: Duration = .zero) {
            parts.append(SimulatorPart(bytes: event(data, index: parts.count), tokens: tokens, pause: pause))
        }
        if let role = answer.roleChunk { add(role) }
        for index in answer.pieces.indices {
            add(answer.tokenChunk(index), tokens: 1, pause: index == 0 ? .zero : script.tokenInterval)
        }
        add(answer.finishChunk)
        if let usage = answer.usageChunk { add(usage) }
        if script.done { add("[DONE]") }
        parts[0].pause = answer.start
        return parts
    }

    /// An event that carries an error object.
    var error: [UInt8] {
        event(SimulatorJSON.error(500, script.errorMessage, dialect: script.dialect), index: 0)
    }

    /// An event that is neither JSON nor UTF-8.
    var malformed: [UInt8] {
        Array("\(field){\"choices\":[{".utf8) + [0xFF, 0xC3, 0x28] + Array((lineEnd + lineEnd).utf8)
    }

    private func event(_ data: String, index: Int) -> [UInt8] {
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
