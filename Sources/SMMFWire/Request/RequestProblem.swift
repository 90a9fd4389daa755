// SPDX-License-Identifier: MIT

/// What is wrong with a request body; every case is the client's to mend and answers with status 400.
public enum RequestProblem: Error, Sendable, Hashable {
    /// A place in the body that a problem names.
    public enum Field: Sendable, Hashable, CustomStringConvertible {
        case member(RequestMember)
        case includeUsage
        case message(Int)
        case role(Int)

        public var description: String {
            switch self {
            case .member(let member): member.key.description
            case .includeUsage: "stream_options.include_usage"
            case .message(let index): "messages[\(index)]"
            case .role(let index): "messages[\(index)].role"
            }
        }
    }

    /// What a member should have been.
    public enum Expectation: String, Sendable, Hashable {
        case string = "a string"
        case filledString = "a string that is not empty"
        case boolean = "true or false"
        case object = "an object"
        case count = "a whole number that is not negative"
        case positiveCount = "a whole number above zero"
        case vectorFormat = "float or base64"
        case filledArray = "an array with at least one element"
        case text = "a string or an array with at least one element"
    }

    case json(JSONProblem)
    case notAnObject
    case missing(Field)
    case wrong(Field, Expectation)
    case repeated(Field)
    /// A form that cannot be read; the text says why.
    case form(String)

    /// The field at fault, as OpenAI's envelope names it in `param`.
    public var field: String? {
        switch self {
        case .json, .notAnObject, .form: nil
        case .missing(let field), .wrong(let field, _), .repeated(let field): field.description
        }
    }

    /// A word for programs.
    public var code: String {
        switch self {
        case .json, .notAnObject: "invalid_json"
        case .form: "invalid_form"
        case .missing: "missing_required_parameter"
        case .wrong: "invalid_value"
        case .repeated: "duplicate_parameter"
        }
    }

    /// One sentence for a person.
    public var message: String {
        switch self {
        case .json(let problem): problem.message
        case .notAnObject: "The body must be a JSON object."
        case .form(let what): "The body must be a multipart/form-data form: \(what)."
        case .missing(let field): "The field `\(field)` is missing."
        case .wrong(let field, let expectation): "The field `\(field)` must be \(expectation.rawValue)."
        case .repeated(let field): "The field `\(field)` stands in the body twice."
        }
    }
}
