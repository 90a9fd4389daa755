// SPDX-License-Identifier: MIT

/// An embedding request whose client asked for a form of vectors that not every engine knows. The request passes as it is;
/// the answer is looked at, and changed only where the engine did not do as asked.
public final class VectorExchange: TranslatedExchange {
    private let wish: VectorWish
    private var status = 0
    private var retryAfter: String?
    private var body: [UInt8] = []
    private var contentBytes = 0

    /// Creates an exchange.
    public init(_ wish: VectorWish) { self.wish = wish }

    public var request: TranslatedRequest? { nil }

    public private(set) var standing = TranslationStanding.undecided

    public private(set) var report = AnswerReport(usage: nil)

    public func begin(_ head: AnswerHead) {
        status = head.status
        retryAfter = head.retryAfter
    }

    public func feed(_ content: Span<UInt8>, to output: inout [UInt8]) { body.append(content, 0..<content.count) }

    public func finish(isWhole: Bool, to output: inout [UInt8]) {
        guard isWhole else { return }
        let body = self.body
        self.body = []
        var scanner = ResponseScanner(.json)
        scanner.feed(body.span, 0..<body.count)
        scanner.finish()
        report = AnswerReport(scanner)
        if let failure = TranslationFailure(status, retryAfter: retryAfter, body.span) {
            standing = .failed(failure)
            return
        }
        if status < 400, scanner.verdict != .answer {
            guard scanner.verdict == .error else { return }
            standing = .failed(TranslationFailure(status: 502, text: body.span.text(0..<min(300, body.count))))
            return
        }
        standing = .answer(status: status, contentType: "application/json")
        output.append(contentsOf: VectorForm.change(body.span, to: wish) ?? body)
    }
}
