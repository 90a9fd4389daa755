// SPDX-License-Identifier: MIT

/// Which member carries the input of an operation, and so what a body must have beside `model`.
public enum BodyShape: Sendable, Hashable {
    /// `messages`: chat completions.
    case messages
    /// `prompt`: text completions.
    case prompt
    /// `input`: embeddings.
    case input
    /// `query` and `documents`: rerank.
    case documents
    /// `input`: a conversation, as OpenAI's Responses have it.
    case turns
    /// An object with a `model`; a translation reads the rest.
    case modelOnly
    /// An object; the model stands in the path, and a translation reads the rest.
    case object

    /// A form with files (`multipart/form-data`) and a field `model`.
    case form

    /// Whether such a request usually has tokens made.
    public var generates: Bool {
        switch self {
        case .messages, .prompt, .turns, .modelOnly, .object: true
        case .input, .documents, .form: false
        }
    }
}
