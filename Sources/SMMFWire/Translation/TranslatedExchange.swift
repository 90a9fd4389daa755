// SPDX-License-Identifier: MIT

/// One request and its answer on their way through a translation. It belongs to one attempt at one instance.
public protocol TranslatedExchange: AnyObject {
    /// What the instance is sent; nil for the client's own bytes.
    var request: TranslatedRequest? { get }
    /// What the answer amounts to so far.
    var standing: TranslationStanding { get }
    /// What was counted of the answer so far.
    var report: AnswerReport { get }

    /// The answer's head came.
    func begin(_ head: AnswerHead)

    /// Content came, in any split; appends what the client gets for it.
    func feed(_ content: Span<UInt8>, to output: inout [UInt8])

    /// The answer is over. When it broke off, as `isWhole` tells, and a part was sent already, appends an error in the
    /// client's words that nobody can take for a proper end.
    func finish(isWhole: Bool, to output: inout [UInt8])
}
