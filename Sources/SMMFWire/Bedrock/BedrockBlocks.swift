// SPDX-License-Identifier: MIT

/// Writes messages and blocks of Bedrock's Converse API. Turns of one role that follow one another are one, and results of
/// tools come first in theirs; reasoning that its provider did not seal is left out.
enum BedrockBlocks {
    static func messages(_ request: ChatRequest) throws(TranslationRefusal) -> [JSONTree] {
        var turns: [(role: String, results: [JSONTree], others: [JSONTree])] = []
        for (index, message) in request.messages.enumerated() where !message.isInstruction {
            let role = message.role == .assistant ? "assistant" : "user"
            if turns.last?.role != role { turns.append((role, [], [])) }
            for part in message.parts {
                let blocks = try blocks(part, "messages[\(index)].content")
                if case .toolResult = part.content {
                    turns[turns.count - 1].results += blocks
                } else {
                    turns[turns.count - 1].others += blocks
                }
            }
        }
        return turns.compactMap { turn in
            let blocks = turn.results + turn.others
            return blocks.isEmpty ? nil : ["role": .string(turn.role), "content": .array(blocks)]
        }
    }

    /// The blocks of a part, with the point behind them up to which the prompt is kept.
    static func blocks(_ part: ChatPart, _ field: String) throws(TranslationRefusal) -> [JSONTree] {
        guard let block = try block(part.content, field) else { return [] }
        return part.cache == nil ? [block] : [block, ["cachePoint": ["type": "default"]]]
    }

    private static func block(_ content: ChatPart.Content, _ field: String) throws(TranslationRefusal) -> JSONTree? {
        switch content {
        case .text(let text), .refusal(let text): return text.isEmpty ? nil : ["text": .string(text)]
        case .image(let media, _):
            return ["image": ["format": .string(media.format ?? "png"), "source": try source(media, field)]]
        case .file(let media):
            let format = media.mimeType == "text/plain" ? "txt" : media.format ?? "txt"
            let name = plain(media.name ?? "document")
            return ["document": ["format": .string(format), "name": .string(name), "source": try source(media, field)]]
        case .audio: throw .unsaid(field)
        case .reasoning(let reasoning):
            if reasoning.isRedacted { return ["reasoningContent": ["redactedContent": .string(reasoning.text)]] }
            guard let signature = reasoning.signature else { return nil }
            let text: JSONTree = ["text": .string(reasoning.text), "signature": .string(signature)]
            return ["reasoningContent": ["reasoningText": text]]
        case .toolCall(let call):
            let input = try call.argumentTree(at: field)
            return ["toolUse": ["toolUseId": .string(call.id), "name": .string(call.name), "input": input]]
        case .toolResult(let result):
            var content: [JSONTree] = []
            for part in result.parts { content += try blocks(part, field) }
            return [
                "toolResult": [
                    "toolUseId": .string(result.id), "content": .array(content),
                    "status": result.isError ? "error" : "success",
                ]
            ]
        }
    }

    private static func source(_ media: ChatMedia, _ field: String) throws(TranslationRefusal) -> JSONTree {
        switch media.source {
        case .data(let data): return ["bytes": .string(data)]
        case .text(let text): return ["bytes": .string(Base64.text(Array(text.utf8)))]
        case .url, .reference: throw .unsaid(field)
        }
    }

    /// Names of documents may have letters, digits, spaces and few signs.
    private static func plain(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) || " -()[]".contains($0) ? $0 : "-" })
    }
}
