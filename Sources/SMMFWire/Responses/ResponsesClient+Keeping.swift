// SPDX-License-Identifier: MIT

extension ResponsesClient: ChatAnswerKeeper {
    public func keeps(_ request: ChatRequest) -> Bool { store != nil && request.kept?.keeps ?? false }

    public func keep(_ answer: ChatAnswer, to request: ChatRequest, as identity: AnswerIdentity) {
        guard let store, let kept = request.kept else { return }
        // What cannot be said as a document was not said to the client either.
        guard let document = try? whole(answer, to: request, as: identity) else { return }
        let turns =
            kept.turns.filter { !$0.isInstruction } + [ChatMessage(.assistant, answer.choices.first?.parts ?? [])]
        let text = document.bytes.count
        let size = turns.reduce(text) { $0 + $1.size }
        let response = StoredResponse(conversation: turns, document: document, size: size)
        store.keep(response, as: ResponsesWords(identity, request).id, of: identity.owner)
    }
}

extension ChatMessage {
    /// Bytes that it takes, roughly.
    fileprivate var size: Int {
        parts.reduce(256) { sum, part in
            switch part.content {
            case .text(let text), .refusal(let text): sum + 64 + text.utf8.count
            case .reasoning(let reasoning):
                sum + 64 + reasoning.text.utf8.count + (reasoning.signature ?? "").utf8.count
            case .toolCall(let call): sum + 128 + call.arguments.utf8.count
            case .toolResult(let result): sum + 128 + ChatMessage(.tool, result.parts).size
            case .image(let media, _), .file(let media), .audio(let media):
                switch media.source {
                case .url(let text), .data(let text), .text(let text), .reference(let text):
                    sum + 128 + text.utf8.count
                }
            }
        }
    }
}
