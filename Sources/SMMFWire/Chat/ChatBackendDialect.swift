// SPDX-License-Identifier: MIT

/// How one API of a backend is asked for a chat and answers: bytes and values, no sockets.
public protocol ChatBackendDialect: Sendable {
    /// Its name in lower case.
    var name: String { get }
    /// Writes a request; the same request always gives the same bytes. Throws what the API cannot say.
    func write(_ request: ChatRequest) throws(TranslationRefusal) -> TranslatedRequest
    /// A reader for the answer to a request.
    func reader(for request: ChatRequest) -> any ChatAnswerReader
    /// What an error says that stands alone.
    func error(_ head: AnswerHead, body: [UInt8]) -> NeutralError
}

/// Reads one answer piece by piece: any split of its bytes gives the same events.
public protocol ChatAnswerReader {
    /// The answer's head came.
    mutating func begin(_ head: AnswerHead)
    /// Content came; appends the events that are complete with it.
    mutating func feed(_ bytes: Span<UInt8>, to events: inout [ChatEvent])
    /// The content is over; `isWhole` tells whether its framing says so too. Appends what is left: after it the events end
    /// with an end or an error.
    mutating func finish(isWhole: Bool, to events: inout [ChatEvent])
}
