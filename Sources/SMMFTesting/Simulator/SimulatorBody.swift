// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The members of engines' request bodies that change a simulated answer.
struct SimulatorBody: Decodable {
    struct Message: Decodable {
        let role: String
        let content: Content?
    }

    struct StreamOptions: Decodable {
        let includeUsage: Bool?

        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    /// TGI's `parameters` and Ollama's `options`.
    struct Parameters: Decodable {
        let maxNewTokens: Int?
        let numPredict: Int?

        enum CodingKeys: String, CodingKey {
            case maxNewTokens = "max_new_tokens"
            case numPredict = "num_predict"
        }
    }

    let model: String?
    let name: String?
    let messages: [Message]?
    let prompt: Content?
    let input: Content?
    let inputs: Content?
    let content: Content?
    let query: String?
    let texts: [String]?
    let returnText: Bool?
    let stream: Bool?
    let streamOptions: StreamOptions?
    let maxTokens: Int?
    let maxCompletionTokens: Int?
    let encodingFormat: String?
    let dimensions: Int?
    let parameters: Parameters?
    let options: Parameters?

    enum CodingKeys: String, CodingKey {
        case model, name, messages, prompt, input, inputs, content, query, texts, stream, dimensions
        case parameters, options
        case returnText = "return_text"
        case streamOptions = "stream_options"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case encodingFormat = "encoding_format"
    }

    /// Reads a body, or says why it cannot be read.
    static func read(_ bytes: some Collection<UInt8>) throws(SimulatorRequest.Invalid) -> SimulatorBody {
        do {
            return try JSONDecoder().decode(SimulatorBody.self, from: Data(bytes))
        } catch {
            throw SimulatorRequest.Invalid(status: 400, message: "the body cannot be read: \(error)")
        }
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
