// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Answers that reach the client in other words than the instance's.
extension UpstreamConnection {
    /// The head of an answer that is translated came; its content begins at `offset`.
    func beginTranslation(_ exchange: any TranslatedExchange, _ read: ResponseHead, _ answer: Span<UInt8>) {
        head = read
        let fields = parser.fields
        let milliseconds = fields.value(named: "retry-after-ms", in: answer).map { answer.text($0) + "ms" }
        flow.begin(read.framing, .opaque)
        exchange.begin(
            AnswerHead(
                status: read.status,
                contentType: fields.value(of: .contentType).map { answer.text($0) } ?? "",
                retryAfter: milliseconds ?? fields.value(of: .retryAfter).map { answer.text($0) },
                errorType: fields.value(named: "x-amzn-errortype", in: answer).map { answer.text($0) }
            )
        )
        phase = .translating
        translate(answer.extracting(read.length..<answer.count))
    }

    /// Translates what has come of the answer, and sends it on once it is known to be one.
    func translate(_ bytes: Span<UInt8>) {
        guard let client, let exchange = client.request?.exchange else { return }
        var output: [UInt8] = []
        swap(&output, &translated)
        var offset = 0
        var isComplete = false
        do throws(BodyError) {
            reading: while true {
                switch try flow.body.next(bytes, from: &offset) {
                case .content(let range):
                    translatedContent += range.count
                    exchange.feed(bytes.extracting(range), to: &output)
                case .needMore: break reading
                case .end:
                    isComplete = true
                    exchange.finish(isWhole: true, to: &output)
                    break reading
                }
            }
        } catch {
            if transfer == .verbatim { return fail(.badAnswer(error.message)) }
            return breakOff("sent an answer with broken framing")
        }
        swap(&output, &translated)
        passOn(exchange, client, isComplete: isComplete, hasMore: offset < bytes.count)
    }

    /// The connection's end is the answer's end.
    func endTranslation() {
        guard let client, let exchange = client.request?.exchange else { return }
        exchange.finish(isWhole: true, to: &translated)
        passOn(exchange, client, isComplete: true, hasMore: false)
    }

    private func passOn(
        _ exchange: any TranslatedExchange,
        _ client: ClientConnection,
        isComplete: Bool,
        hasMore: Bool
    ) {
        if !isCommitted {
            switch exchange.standing {
            case .undecided:
                if isComplete { return fail(.empty) }
                let limit = pool.loop.settings.configuration.translationLimit
                if translatedContent > limit {
                    return fail(.badAnswer("it is longer than the \(limit) bytes that can be translated"))
                }
                guard client.takeRoom(client.requestLength + translatedContent) else {
                    abandon()
                    client.upstream = nil
                    return client.failWithoutRoom()
                }
                return
            case .failed(let failure): return fail(.told(failure))
            case .answer(let status, let contentType):
                if isBehindComments, status != 200 || !contentType.hasPrefix("text/event-stream") {
                    guard isComplete else { return }
                    let text = String(decoding: translated.prefix(2_000), as: UTF8.self)
                    abandon()
                    return client.upstreamIsUnfit(status, text)
                }
                isCommitted = true
                let length = isComplete ? translated.count : nil
                transfer = client.beginTranslated(status, contentType, length: length)
                client.countFirstByte(arrival: arrival)
                client.dropRequest()
            }
        }
        countTranslated(exchange.report, client)
        gatherTranslated()
        guard isComplete else {
            if !pool.loop.scratch.isEmpty { client.sendScratch() }
            return
        }
        end(exchange.report, hasMore: hasMore)
    }

    /// Gathers what was translated in the loop's scratch, in the framing that the client has.
    private func gatherTranslated() {
        if !translated.isEmpty {
            if transfer == .verbatim {
                pool.loop.scratch.append(contentsOf: translated)
            } else {
                gatherContent(translated.span, 0..<translated.count)
            }
        }
        dropTranslated()
    }

    func dropTranslated() {
        if translated.capacity <= ClientConnection.keptCapacity {
            translated.removeAll(keepingCapacity: true)
        } else {
            translated = []
        }
    }

    /// The answer broke off after a part of it was sent: the client is told in its own words.
    func breakOffTranslation(_ why: String, _ exchange: any TranslatedExchange, _ client: ClientConnection) {
        exchange.finish(isWhole: false, to: &translated)
        gatherTranslated()
        if !pool.loop.scratch.isEmpty { client.sendScratch() }
        let report = exchange.report
        abandon()
        client.answerBroke(why, report, behind: nil)
    }

    /// Counts the events that came with this read.
    private func countTranslated(_ report: AnswerReport, _ client: ClientConnection) {
        guard report.isStream else { return }
        let new = report.events - countedEvents
        guard new > 0 else { return }
        if countedEvents > 0 { client.count(events: new, after: arrival - lastEvents) }
        countedEvents = report.events
        lastEvents = arrival
        guard !hasSpoken else { return }
        hasSpoken = true
        client.countFirstToken(arrival)
    }
}
