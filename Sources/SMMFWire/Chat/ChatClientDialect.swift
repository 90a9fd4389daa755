// SPDX-License-Identifier: MIT

/// How clients of one API say a chat and are answered: bytes and values, no sockets.
public protocol ChatClientDialect: Sendable {
    /// Its name in lower case.
    var name: String { get }
    /// Reads what a client asks for; throws what it has to change.
    func read(_ input: ClientInput) throws(TranslationRefusal) -> ChatRequest
    /// Writes the events of one answer as a stream.
    func streamWriter(for request: ChatRequest, as identity: AnswerIdentity) -> any ChatStreamWriter
    /// Writes a whole answer; throws when the API has no words for it, as for tool arguments that are no JSON.
    func whole(
        _ answer: ChatAnswer,
        to request: ChatRequest,
        as identity: AnswerIdentity
    ) throws(NeutralError) -> JSONTree
    /// Writes an error that stands alone: its status is the error's ``NeutralError/clientStatus``.
    func error(_ error: NeutralError) -> JSONTree
}

/// Writes one answer as a stream. After an error it writes nothing more, and never what would be a proper end.
public protocol ChatStreamWriter {
    /// The value of `content-type`.
    var contentType: String { get }
    /// Appends what the client is sent for `event`.
    mutating func write(_ event: ChatEvent, to output: inout [UInt8])
}
