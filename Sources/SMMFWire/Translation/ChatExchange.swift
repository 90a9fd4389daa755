// SPDX-License-Identifier: MIT

/// One chat on its way through a translation: the backend's answer is read into events, and these are written for the
/// client, as a stream piece by piece or as one document in the end.
final class ChatExchange: TranslatedExchange {
    let request: TranslatedRequest?
    private let client: any ChatClientDialect
    private let asked: ChatRequest
    private let identity: AnswerIdentity
    private var reader: any ChatAnswerReader
    private var writer: (any ChatStreamWriter)?
    /// Keeps the answer for later turns; nil where none is to be kept.
    private var keeper: (any ChatAnswerKeeper)?
    /// What the backend said before it was clear that it answers.
    private var held: [ChatEvent] = []
    private var answer = ChatAnswer()
    private var events: [ChatEvent] = []
    private var isOver = false

    private var usage: TokenUsage?
    private var finishReason: FinishReason?
    private var deltas = 0
    private var contentBytes = 0
    private var hasError = false
    private var isDone = false

    private(set) var standing = TranslationStanding.undecided

    /// Streams longer than this are not kept.
    private static let keptLimit = 4 << 20

    init(
        _ client: any ChatClientDialect,
        _ asked: ChatRequest,
        as identity: AnswerIdentity,
        sent: TranslatedRequest,
        reader: any ChatAnswerReader
    ) {
        self.client = client
        self.asked = asked
        self.identity = identity
        self.reader = reader
        request = sent
        if let keeper = client as? any ChatAnswerKeeper, keeper.keeps(asked) { self.keeper = keeper }
        if asked.streams { writer = client.streamWriter(for: asked, as: identity) }
    }

    var report: AnswerReport {
        AnswerReport(
            usage: usage,
            finishReason: finishReason,
            events: deltas,
            contentBytes: contentBytes,
            isStream: asked.streams,
            isDone: isDone,
            hasError: hasError
        )
    }

    func begin(_ head: AnswerHead) { reader.begin(head) }

    func feed(_ content: Span<UInt8>, to output: inout [UInt8]) {
        guard !isOver else { return }
        contentBytes += content.count
        reader.feed(content, to: &events)
        takeEvents(to: &output)
    }

    func finish(isWhole: Bool, to output: inout [UInt8]) {
        guard !isOver else { return }
        reader.finish(isWhole: isWhole, to: &events)
        takeEvents(to: &output)
    }

    private func takeEvents(to output: inout [UInt8]) {
        for event in events where !isOver { take(event, to: &output) }
        events.removeAll(keepingCapacity: true)
    }

    private func take(_ event: ChatEvent, to output: inout [UInt8]) {
        switch event {
        case .start: break
        case .delta: deltas += 1
        case .stop(_, let reason): finishReason = finishReason ?? reason.finishReason
        case .usage(let usage): self.usage = usage
        case .error(let error):
            isOver = true
            hasError = true
            guard case .answer = standing else { return refuse(error, to: &output) }
        case .end:
            isOver = true
            isDone = true
        }
        if writer == nil { gather(event, to: &output) } else { stream(event, to: &output) }
    }

    /// Nothing was sent yet: an error is the client's answer, or another instance's chance.
    private func refuse(_ error: NeutralError, to output: inout [UInt8]) {
        guard error.isForClient else {
            standing = .failed(TranslationFailure(error))
            return
        }
        output.append(contentsOf: client.error(error).bytes)
        standing = .answer(status: error.clientStatus, contentType: "application/json")
    }

    private func stream(_ event: ChatEvent, to output: inout [UInt8]) {
        if keeper != nil {
            answer.take(event)
            if isDone { keeper?.keep(answer, to: asked, as: identity) }
            if contentBytes > Self.keptLimit { (keeper, answer) = (nil, ChatAnswer()) }
        }
        if case .undecided = standing {
            held.append(event)
            switch event {
            // A backend that only tells what it will cost may still fail.
            case .start, .usage: return
            case .delta, .stop, .end, .error: break
            }
            standing = .answer(status: 200, contentType: writer?.contentType ?? "")
            for event in held { writer?.write(event, to: &output) }
            held = []
        } else {
            writer?.write(event, to: &output)
        }
    }

    private func gather(_ event: ChatEvent, to output: inout [UInt8]) {
        answer.take(event)
        guard isDone else { return }
        do throws(NeutralError) {
            let whole = try client.whole(answer, to: asked, as: identity)
            output.append(contentsOf: whole.bytes)
            standing = .answer(status: 200, contentType: "application/json")
            keeper?.keep(answer, to: asked, as: identity)
        } catch {
            hasError = true
            refuse(error, to: &output)
        }
        answer = ChatAnswer()
    }
}
