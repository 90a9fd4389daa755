// SPDX-License-Identifier: MIT

/// Stands between a client and an instance that speak different words for one operation.
///
/// It works on bytes alone: the relay sends, receives, frames, retries and counts as it does for every request.
public protocol Translation: Sendable {
    /// Begins an exchange from the client's whole body, which is known to be well-formed.
    ///
    /// Throws what the client has to change.
    func begin(
        _ input: TranslationInput,
        _ body: Span<UInt8>
    ) throws(TranslationRefusal) -> any TranslatedExchange
}
