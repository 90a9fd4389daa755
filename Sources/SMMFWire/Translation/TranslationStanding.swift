// SPDX-License-Identifier: MIT

/// What a translated exchange has made of the answer so far.
public enum TranslationStanding: Sendable, Hashable {
    /// More bytes are needed; nothing may be sent.
    case undecided
    /// The client gets an answer with this status and content type; what was put out so far is its beginning.
    case answer(status: Int, contentType: String)
    /// The instance could not do it, and another one may.
    case failed(TranslationFailure)
}
