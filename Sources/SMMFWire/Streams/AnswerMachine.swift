// SPDX-License-Identifier: MIT

/// What a dialect makes of the documents of an answer; ``DocumentReader`` finds them in the bytes.
protocol AnswerMachine: Sendable {
    /// How documents stand in a stream.
    var framing: StreamFraming { get }
    /// A document came: an event of a stream with its name, or the whole answer. Throws when it says or is an error.
    mutating func take(
        _ document: JSONTree,
        _ place: DocumentPlace,
        to events: inout [ChatEvent]
    ) throws(NeutralError)
    /// The stream said that it is over.
    mutating func takeDone(to events: inout [ChatEvent]) throws(NeutralError)
    /// The bytes are over without the mark that ends a stream; throws when that is too early.
    mutating func finish(to events: inout [ChatEvent]) throws(NeutralError)
    /// What an error says that stands alone.
    func error(_ words: ErrorWords, head: AnswerHead) -> NeutralError
}

/// How documents stand in a stream.
enum StreamFraming: Sendable, Hashable {
    /// Server-sent events.
    case events
    /// One on each line.
    case lines
    /// Messages of AWS's event streams.
    case frames
}

/// Where a document was found.
enum DocumentPlace: Sendable, Hashable {
    /// In an event of this name, which may be empty.
    case event(String)
    /// It is the whole answer.
    case whole
}
