// SPDX-License-Identifier: MIT

public import SMMFWire

/// How requests to a provider differ from those to an engine: other paths, a key, parameters that it takes in its own way,
/// and errors in its own words.
public protocol RelayProvider: Sendable {
    /// Its chat API.
    var chat: any ChatBackendDialect { get }
    /// The path for an operation behind the endpoint's own; nil where the provider does not offer it.
    func path(of operation: String, model: String) -> String?
    /// Whole field lines of a request, the key's among them.
    func fields(for call: ProviderCall) -> [UInt8]
    /// Names, in lower case, of fields of a client that speaks the provider's dialect which the provider gets as they are.
    var passedFields: [String] { get }
    /// The body as the provider takes it; nil where nothing in it needs to change. `model` is the provider's name for it.
    func rewrite(_ body: Span<UInt8>, operation: String, model: String) throws(TranslationRefusal) -> [UInt8]?
    /// What the relay has to mind with its answers.
    var habits: ProviderHabits { get }
}

extension RelayProvider {
    /// What an error means.
    public func error(_ head: AnswerHead, _ body: [UInt8]) -> NeutralError { chat.error(head, body: body) }
}
