// SPDX-License-Identifier: MIT

/// One exchange of an operation whose answer is one document: gathered, understood and written anew.
final class OperationExchange: TranslatedExchange {
    private let sent: TranslatedRequest
    private let readError: @Sendable (AnswerHead, [UInt8]) -> NeutralError
    private let writeError: @Sendable (NeutralError) -> [UInt8]
    private let translate: (JSONTree) throws(NeutralError) -> JSONTree
    private var head = AnswerHead(status: 0)
    private var body: [UInt8] = []

    init(
        _ sent: TranslatedRequest,
        readError: @escaping @Sendable (AnswerHead, [UInt8]) -> NeutralError,
        writeError: @escaping @Sendable (NeutralError) -> [UInt8],
        translate: @escaping (JSONTree) throws(NeutralError) -> JSONTree
    ) {
        self.sent = sent
        self.readError = readError
        self.writeError = writeError
        self.translate = translate
    }

    var request: TranslatedRequest? { sent }

    private(set) var standing = TranslationStanding.undecided

    private(set) var report = AnswerReport(usage: nil)

    func begin(_ head: AnswerHead) { self.head = head }

    func feed(_ content: Span<UInt8>, to output: inout [UInt8]) { body.append(content, 0..<content.count) }

    func finish(isWhole: Bool, to output: inout [UInt8]) {
        guard isWhole else { return }
        let bytes = body
        body = []
        do throws(NeutralError) {
            guard head.isSuccess else { throw readError(head, bytes) }
            guard let read = try? JSONTree(bytes.span) else { throw .unreadable("it is no JSON") }
            let answer = try translate(read)
            output.append(contentsOf: answer.bytes)
            report = AnswerReport(
                usage: answer["usage"].flatMap { TokenUsage($0) },
                contentBytes: bytes.count,
                isDone: true
            )
            standing = .answer(status: 200, contentType: "application/json")
        } catch { fail(error, to: &output) }
    }

    private func fail(_ error: NeutralError, to output: inout [UInt8]) {
        guard error.isForClient else {
            standing = .failed(TranslationFailure(error))
            return
        }
        output.append(contentsOf: writeError(error))
        report = AnswerReport(usage: nil, hasError: true)
        standing = .answer(status: error.clientStatus, contentType: "application/json")
    }
}
