// SPDX-License-Identifier: MIT

/// Stands between a client and an instance that speak different words for one operation.
///
/// It works on bytes alone: the relay sends, receives, frames, retries and counts as it does for every request.
public protocol Translation: Sendable {
    /// Begins an exchange from the client's whole body, which is known to be well-formed. `model` is what the instance calls
    /// the model, `name` what the client does, and `streams` whether the client asked for a stream.
    ///
    /// Throws what the client has to change.
    func begin(
        _ body: Span<UInt8>,
        model: String,
        name: String,
        streams: Bool
    ) throws(TranslationRefusal) -> any TranslatedExchange
}
