// SPDX-License-Identifier: MIT

import SMMFWire

extension PlayedTurn {
    /// Plays a scene for a question.
    init(_ scene: PlayedScene, _ question: PlayedQuestion) {
        let said = question.endsWithResult ? question.results.map(\.text).joined(separator: "; ") : scene.said
        let seed = "\(question.model) \(question.turns.count) \(scene.act.rawValue) \(said)"
        id = String(SimulatorText.hash(seed), radix: 36)
        model = question.model
        prompt = question.tokens
        guard !question.endsWithResult else {
            say("The tool said: \(said)")
            return
        }
        switch scene.act {
        // More than one script, so that a cut through a character shows.
        case .text: say("Heard \"\(said)\". Žluťoučký kůň, 你好 🙂")
        case .echo: say(question.echo.text)
        case .tools: call(question, count: 1)
        case .parallel: call(question, count: 2)
        case .reason:
            reasoning = Self.words("First think about \(said), then answer.")
            say("Therefore: \(said)")
        case .json: say(Self.document(question, said: said).text)
        case .image:
            let found = question.images.map { "\($0.type) \($0.bytes) bytes" }
            say(found.isEmpty ? "No image came." : "Got \(found.joined(separator: ", "))")
        case .length:
            pieces = (0..<min(question.maxTokens ?? 5, 64)).map { $0 == 0 ? "word" : " word" }
            finish = .length
        case .stop:
            say("One, two")
            if let text = question.stops.first { finish = .sequence(text) }
        case .usage:
            say("Counted.")
            cached = prompt / 2
            hidden = 7
        case .slow:
            pieces = (0..<60).map { $0 == 0 ? "slow0" : " slow\($0)" }
            interval = .milliseconds(40)
        case .filter:
            say("This is")
            finish = .filtered
        }
        guard scene.act != .length, finish == .stop, let limit = question.maxTokens, completion > limit else { return }
        pieces = Array(pieces.prefix(max(0, limit - reasoned)))
        finish = .length
    }

    private mutating func say(_ text: String) { pieces = Self.words(text) }

    private mutating func call(_ question: PlayedQuestion, count: Int) {
        var tools = question.tools
        if case .tool(let name) = question.choice { tools = tools.filter { $0.name == name } }
        guard question.choice != .never, let first = tools.first else { return say("No tool was declared.") }
        for index in 0..<count {
            let tool = tools.count > index ? tools[index] : first
            let arguments = PlayedSample.value(of: tool.schema, seed: index)
            calls.append(Call(token: Self.token("\(id) \(index)"), name: tool.name, arguments: arguments))
        }
        finish = .calls
    }

    private static func document(_ question: PlayedQuestion, said: String) -> JSONTree {
        if case .schema(let schema) = question.format { return PlayedSample.value(of: schema, seed: 0) }
        return ["said": .string(said)]
    }

    /// Words with the blank before them.
    private static func words(_ text: String) -> [String] {
        text.split(separator: " ", omittingEmptySubsequences: false).enumerated()
            .map { $0 == 0 ? String($1) : " \($1)" }
    }

    private static func token(_ text: String) -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var rest = SimulatorText.hash(text)
        return String(
            (0..<9).map { _ in
                defer { rest /= UInt64(letters.count) }
                return letters[Int(rest % UInt64(letters.count))]
            }
        )
    }
}
