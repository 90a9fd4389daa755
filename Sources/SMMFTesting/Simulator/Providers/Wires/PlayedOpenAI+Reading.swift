// SPDX-License-Identifier: MIT

import SMMFWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension PlayedOpenAI {
    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion {
        guard call.body.object != nil else { throw PlayedError(.badRequest, "The body must be a JSON object.") }
        for refusal in refusals { try refusal.check(call.body) }
        var question = PlayedQuestion()
        question.model = hasModelInPath ? call.model : try call.need("model")
        guard let messages = call.body["messages"]?.array, !messages.isEmpty else { throw .missing("messages") }
        for (index, message) in messages.enumerated() {
            try Self.read(message, "messages[\(index)]", into: &question)
        }
        for (index, tool) in (call.body["tools"]?.present?.array ?? []).enumerated() {
            guard tool["type"] == "function" else { continue }
            guard let name = tool["function"]?["name"]?.string else { throw .missing("tools[\(index)].function.name") }
            let schema = tool["function"]?["parameters"] ?? ["type": "object", "properties": [:]]
            question.tools.append(PlayedQuestion.Tool(name: name, schema: schema))
        }
        question.choice = Self.choice(call.body["tool_choice"])
        question.format = Self.format(call.body["response_format"])
        if let one = call.body["stop"]?.string { question.stops = [one] }
        question.stops += call.body["stop"]?.array?.compactMap(\.string) ?? []
        question.maxTokens = (call.body["max_completion_tokens"] ?? call.body["max_tokens"])?.int
        question.take(
            call.body,
            [
                "temperature", "top_p", "top_k", "seed", "random_seed", "presence_penalty", "frequency_penalty", "n",
                "user", "tool_calls_switch", "parallel_tool_calls",
            ].map { ($0, $0) }
        )
        question.streams = call.body["stream"]?.bool ?? false
        question.wantsUsage = call.body["stream_options"]?["include_usage"]?.bool ?? false
        question.reasoning =
            call.body["reasoning_effort"]?.present ?? call.body["thinking"]?.present
            ?? call.body["enable_thinking"]?.present
        return question
    }

    static func read(
        _ message: JSONTree,
        _ field: String,
        into question: inout PlayedQuestion
    ) throws(PlayedError) {
        guard let role = message["role"]?.string else { throw .missing("\(field).role") }
        let text = try content(message["content"], "\(field).content", into: &question)
        switch role {
        case "system", "developer": question.system.append(text)
        case "user": question.add("user", text)
        case "tool", "function":
            let id = message["tool_call_id"]?.string ?? message["name"]?.string
            guard let id else { throw .missing("\(field).tool_call_id") }
            question.results.append(PlayedQuestion.Result(id: id, text: text))
            question.add("tool", text)
        case "assistant":
            question.add("assistant", text)
            for call in message["tool_calls"]?.array ?? [] {
                guard let name = call["function"]?["name"]?.string,
                    let arguments = call["function"]?["arguments"]?.string
                else { throw .missing("\(field).tool_calls[0].function") }
                guard let tree = try? JSONTree(text: arguments) else {
                    throw .wrong("\(field).tool_calls[0].function.arguments", "no JSON")
                }
                question.calls.append(PlayedTurn.Call(token: call["id"]?.string ?? "", name: name, arguments: tree))
            }
        default: throw .wrong("\(field).role", "'\(role)' is no role")
        }
    }

    private static func content(
        _ tree: JSONTree?,
        _ field: String,
        into question: inout PlayedQuestion
    ) throws(PlayedError) -> String {
        guard let parts = tree?.array else { return tree?.string ?? "" }
        var text = ""
        for (index, part) in parts.enumerated() {
            switch part["type"]?.string {
            case "text", "input_text", "refusal", "thinking": text += part["text"]?.string ?? ""
            case "image_url":
                guard let url = part["image_url"]?["url"]?.string ?? part["image_url"]?.string else {
                    throw .missing("\(field)[\(index)].image_url")
                }
                question.images.append(try image(url, "\(field)[\(index)].image_url"))
            default: throw .wrong("\(field)[\(index)].type", "it is not known")
            }
        }
        return text
    }

    /// An image by its address: `data:` with its bytes, or one that has to be fetched.
    private static func image(_ url: String, _ field: String) throws(PlayedError) -> PlayedQuestion.Image {
        guard url.hasPrefix("data:") else { return PlayedQuestion.Image(type: "url", bytes: url.utf8.count) }
        let parts = url.dropFirst("data:".count).split(separator: ",", maxSplits: 1)
        guard parts.count == 2, parts[0].hasSuffix(";base64"), let data = Data(base64Encoded: String(parts[1])) else {
            throw .wrong(field, "no base64")
        }
        return PlayedQuestion.Image(type: String(parts[0].dropLast(";base64".count)), bytes: data.count)
    }

    static func choice(_ tree: JSONTree?) -> PlayedQuestion.Choice {
        switch tree?.string {
        case "none": .never
        case "required", "any": .required
        case "auto": .auto
        default: tree?["function"]?["name"]?.string.map { .tool($0) } ?? .auto
        }
    }

    static func format(_ tree: JSONTree?) -> PlayedQuestion.Format {
        switch tree?["type"]?.string ?? tree?.string {
        case "json_object": .json
        case "json_schema": .schema(tree?["json_schema"]?["schema"] ?? tree?["schema"] ?? [:])
        default: .text
        }
    }
}
