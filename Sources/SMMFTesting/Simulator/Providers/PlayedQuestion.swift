// SPDX-License-Identifier: MIT

import SMMFWire

/// What a client asks a played provider for, the same from whatever wire it was read.
struct PlayedQuestion: Sendable {
    /// One turn of the conversation with its plain text; instructions stand apart.
    struct Turn: Sendable {
        let role: String
        let text: String
    }

    struct Tool: Sendable {
        let name: String
        let schema: JSONTree
    }

    /// A file that was sent along.
    struct Image: Sendable {
        /// `image/png` and the like; `url` for one that has to be fetched.
        let type: String
        let bytes: Int
    }

    /// What a tool answered, by the id or the name of the call.
    struct Result: Sendable {
        let id: String
        let text: String
    }

    enum Choice: Sendable, Equatable { case auto, never, required, tool(String) }

    enum Format: Sendable {
        case text, json
        case schema(JSONTree)
    }

    var model = ""
    var system: [String] = []
    var turns: [Turn] = []
    /// Calls of earlier turns that came back.
    var calls: [PlayedTurn.Call] = []
    var results: [Result] = []
    var tools: [Tool] = []
    var choice = Choice.auto
    var images: [Image] = []
    var format = Format.text
    var stops: [String] = []
    var maxTokens: Int?
    /// Numbers that steer the sampling, under OpenAI's names.
    var sampling: JSONObject = [:]
    var streams = false
    var wantsUsage = false
    /// What was said about reasoning, as it was said.
    var reasoning: JSONTree?

    /// The last words of the user; what a tool answered is not among them.
    var said: String { turns.last { $0.role == "user" && !$0.text.isEmpty }?.text ?? "" }

    /// Whether the last turn is a tool's.
    var endsWithResult: Bool { turns.last?.role == "tool" }

    /// What counts as its tokens: words, and sixteen for each image.
    var tokens: Int {
        let texts = system + turns.map(\.text)
        return max(1, texts.reduce(images.count * 16) { $0 + SimulatorText.words(of: $1).count })
    }

    /// Takes the numbers that steer the sampling, given their names on the wire and OpenAI's.
    mutating func take(_ tree: JSONTree?, _ names: [(String, String)]) {
        for (own, name) in names { if let value = tree?[own]?.present { sampling[name] = value } }
    }

    mutating func add(_ role: String, _ text: String) { turns.append(Turn(role: role, text: text)) }

    /// All that arrived, so that a test can see whether it came unmangled.
    var echo: JSONTree {
        var tree: JSONTree = ["model": .string(model)]
        if !system.isEmpty { tree["system"] = .string(system.joined(separator: "\n\n")) }
        tree["turns"] = .array(turns.map { ["role": .string($0.role), "text": .string($0.text)] })
        if !calls.isEmpty {
            tree["calls"] = .array(calls.map { ["name": .string($0.name), "arguments": $0.arguments] })
        }
        if !results.isEmpty { tree["results"] = .array(results.map { .string($0.text) }) }
        if !tools.isEmpty { tree["tools"] = .array(tools.map { ["name": .string($0.name), "schema": $0.schema] }) }
        switch choice {
        case .auto: break
        case .never: tree["choice"] = "none"
        case .required: tree["choice"] = "required"
        case .tool(let name): tree["choice"] = ["name": .string(name)]
        }
        if !images.isEmpty { tree["images"] = .array(images.map { .string("\($0.type) \($0.bytes)") }) }
        switch format {
        case .text: break
        case .json: tree["format"] = "json"
        case .schema(let schema): tree["format"] = schema
        }
        if !stops.isEmpty { tree["stops"] = .array(stops.map { .string($0) }) }
        if let maxTokens { tree["max_tokens"] = .number(maxTokens) }
        for member in sampling.members { tree[member.key] = member.value }
        if let reasoning { tree["reasoning"] = reasoning }
        tree["stream"] = .bool(streams)
        return tree
    }
}
