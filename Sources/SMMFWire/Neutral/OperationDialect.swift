// SPDX-License-Identifier: MIT

/// How one API says an operation whose answer is one document: both sides of it, so that requests can be read in one
/// dialect and written in another, and answers the other way.
public protocol OperationDialect<Request, Answer>: Sendable {
    associatedtype Request: Sendable
    associatedtype Answer: Sendable

    /// Its name in lower case.
    var name: String { get }
    /// Reads what a client asks for.
    func readRequest(_ input: ClientInput) throws(TranslationRefusal) -> Request
    /// Writes it for a backend.
    func writeRequest(_ request: Request) throws(TranslationRefusal) -> TranslatedRequest
    /// Reads a backend's good answer; throws when it is none.
    func readAnswer(_ body: JSONTree, to request: Request) throws(NeutralError) -> Answer
    /// Writes an answer for a client.
    func writeAnswer(_ answer: Answer, to request: Request) throws(NeutralError) -> JSONTree
}
