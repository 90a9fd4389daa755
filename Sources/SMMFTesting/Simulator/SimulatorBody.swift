// SPDX-License-Identifier: MIT

/// The members of OpenAI's and llama.cpp's request bodies that change a simulated answer.
struct SimulatorBody: Decodable {
    struct Message: Decodable {
        let role: String
        let content: Content?
    }

    struct StreamOptions: Decodable {
        let includeUsage: Bool?

        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    let model: String?
    let messages: [Message]?
    let prompt: Content?
    let input: Content?
    let content: Content?
    let stream: Bool?
    let streamOptions: StreamOptions?
    let maxTokens: Int?
    let maxCompletionTokens: Int?
    let encodingFormat: String?

    enum CodingKeys: String, CodingKey {
        case model, messages, prompt, input, content, stream
        case streamOptions = "stream_options"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case encodingFormat = "encoding_format"
    }

    /// A text, several texts, token ids, or the parts of a message.
    struct Content: Decodable {
        private struct Part: Decodable { let text: String? }

        let texts: [String]

        var joined: String { texts.joined(separator: " ") }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                texts = [text]
            } else if let list = try? container.decode([String].self) {
                texts = list
            } else if let ids = try? container.decode([Int].self) {
                texts = [Self.text(of: ids)]
            } else if let lists = try? container.decode([[Int]].self) {
                texts = lists.map(Self.text)
            } else {
                texts = try container.decode([Part].self).compactMap(\.text)
            }
        }

        private static func text(of ids: [Int]) -> String {
            ids.map(String.init).joined(separator: " ")
        }
    }
}
