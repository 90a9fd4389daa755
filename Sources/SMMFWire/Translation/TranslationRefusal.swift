// SPDX-License-Identifier: MIT

/// Why a request cannot be said in the instance's words. The client's to mend: it answers with status 400.
public struct TranslationRefusal: Error, Sendable, Hashable {
    /// The member at fault, as the client wrote it.
    public var field: String?
    /// What is wrong and what to do, in one sentence.
    public var message: String

    /// Creates a refusal.
    public init(_ message: String, field: String? = nil) {
        self.message = message
        self.field = field
    }
}
