// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a client asks a simulated engine to make.
struct SimulatorRequest: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable { case chat, completion, embedding }

    struct Invalid: Error, Sendable, Hashable {
        let status: Int
        let message: String
    }

    let kind: Kind
    let isStream: Bool
    let wantsUsage: Bool
    let limit: Int?
    /// What `text == .echo` repeats.
    let prompt: String
    let promptTokens: Int
    let inputs: [String]
    let wantsBase64: Bool

    /// The kind of answer that is made at `path`, if one is.
    static func kind(at path: String) -> Kind? {
        switch path {
        case "/v1/chat/completions", "/chat/completions": .chat
        case "/v1/completions": .completion
        case "/v1/embeddings", "/embeddings": .embedding
        default: nil
        }
    }

    init(_ kind: Kind, body: some Collection<UInt8>, script: SimulatorScript) throws(Invalid) {
        let body = try Self.decode(body)
        if script.dialect == .vllm, let model = body.model, !script.models.contains(model) {
            throw Invalid(status: 404, message: "The model `\(model)` does not exist.")
        }
        self.kind = kind
        isStream = kind != .embedding && body.stream ?? false
        wantsUsage = body.streamOptions?.includeUsage ?? false
        limit = (body.maxCompletionTokens ?? body.maxTokens).flatMap { $0 < 0 ? nil : $0 }
        wantsBase64 = body.encodingFormat == "base64"
        inputs = body.input?.texts ?? []
        switch kind {
        case .chat:
            guard let messages = body.messages, !messages.isEmpty else { throw Self.missing("messages") }
            let texts = messages.map { $0.content?.joined ?? "" }
            prompt = messages.lastIndex { $0.role == "user" }.map { texts[$0] } ?? texts.last ?? ""
            promptTokens = texts.reduce(0) { $0 + SimulatorText.words(of: $1).count }
        case .completion:
            guard let text = body.prompt?.joined else { throw Self.missing("prompt") }
            prompt = text
            promptTokens = SimulatorText.words(of: text).count
        case .embedding:
            guard !inputs.isEmpty else { throw Self.missing("input") }
            prompt = inputs.joined(separator: " ")
            promptTokens = SimulatorText.words(of: prompt).count
        }
    }

    /// The body of `POST /tokenize`: `content` as llama.cpp, `prompt` or `messages` as vLLM.
    static func text(toTokenize body: some Collection<UInt8>) throws(Invalid) -> String {
        let body = try decode(body)
        let messages = body.messages?.compactMap { $0.content?.joined }.joined(separator: " ")
        guard let text = body.content?.joined ?? body.prompt?.joined ?? messages else { throw missing("content") }
        return text
    }

    private static func decode(_ bytes: some Collection<UInt8>) throws(Invalid) -> SimulatorBody {
        do {
            return try JSONDecoder().decode(SimulatorBody.self, from: Data(bytes))
        } catch {
            throw Invalid(status: 400, message: "the body cannot be read: \(error)")
        }
    }

    private static func missing(_ field: String) -> Invalid {
        Invalid(status: 400, message: "'\(field)' is required")
    }
}
