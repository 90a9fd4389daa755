// SPDX-License-Identifier: MIT

import SMMFWire

/// A provider's error answer on its way to what it means: the client's to mend, and then told to it with the provider's
/// words, or something that another key or instance need not share.
final class ProviderErrorExchange: TranslatedExchange {
    /// Bytes of an error that are read; what follows is of no interest.
    static let limit = 256 * 1024

    private let provider: any RelayProvider
    private let write: TranslationTable.ErrorWriter
    private var head = AnswerHead(status: 0)
    private var body: [UInt8] = []

    init(_ provider: any RelayProvider, write: @escaping TranslationTable.ErrorWriter) {
        self.provider = provider
        self.write = write
    }

    var request: TranslatedRequest? { nil }

    private(set) var standing = TranslationStanding.undecided

    private(set) var report = AnswerReport(usage: nil, hasError: true)

    func begin(_ head: AnswerHead) { self.head = head }

    func feed(_ content: Span<UInt8>, to output: inout [UInt8]) {
        let room = Self.limit - body.count
        if room > 0 { body.append(content, 0..<min(room, content.count)) }
    }

    func finish(isWhole: Bool, to output: inout [UInt8]) {
        guard isWhole else { return }
        let error = provider.error(head, body)
        guard error.isForClient else {
            standing = .failed(TranslationFailure(error))
            return
        }
        output.append(contentsOf: write(error))
        standing = .answer(status: error.clientStatus, contentType: "application/json")
    }
}
