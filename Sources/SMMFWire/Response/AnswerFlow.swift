// SPDX-License-Identifier: MIT

/// An answer on its way through the relay: its framing, its content and, where the client did not ask for usage, the
/// filter. They stand together so that one call follows all of a read.
public struct AnswerFlow: Sendable {
    public var body = BodyScanner(.none)
    public var scanner = ResponseScanner()
    /// Takes the usage event out of a stream whose client did not ask for it.
    public var filter: UsageEventFilter?

    /// Creates a flow for a connection's answers.
    public init() {}

    /// Begins an answer behind its head; with `sniffsCodes` a code that is not zero is an error too.
    public mutating func begin(_ framing: BodyFraming, _ content: ResponseHead.Content, sniffsCodes: Bool = false) {
        body = BodyScanner(framing)
        scanner.reset(content, sniffsCodes: sniffsCodes)
        filter = nil
    }

    /// Follows an answer from `offset` to the end of `bytes`, or its own. Returns whether it is complete.
    public mutating func follow(_ bytes: Span<UInt8>, from offset: inout Int) throws(BodyError) -> Bool {
        while true {
            switch try body.next(bytes, from: &offset) {
            case .content(let range):
                scanner.feed(bytes, range)
                filter?.feed(bytes, range, body)
            case .needMore: return false
            case .end: return true
            }
        }
    }

    /// As `follow`, but goes no further than to where it is clear what the answer is.
    public mutating func followToVerdict(_ bytes: Span<UInt8>, from offset: inout Int) throws(BodyError) -> Bool {
        while scanner.verdict == .undecided {
            switch try body.next(bytes, from: &offset) {
            case .content(let range): scanner.feed(bytes, range)
            case .needMore: return false
            case .end: return true
            }
        }
        return false
    }
}
