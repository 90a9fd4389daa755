// SPDX-License-Identifier: MIT

/// An answer, its head, framing and content: however the bytes are cut, the same head, content, verdict, counts and tail.
func fuzz(_ bytes: [UInt8]) {
    let whole = Answer.read(bytes, [])
    let cut = Answer.read(bytes, cuts(of: bytes))
    require(whole == cut, "whole:\n\(text(whole))\ncut:\n\(text(cut))")
}

private struct Answer {
    private var parser = ResponseHeadParser()
    private var head: ResponseHead?
    private var body = BodyScanner(.none)
    private var scanner = ResponseScanner()
    private var inbound: [UInt8] = []
    private var content: [UInt8] = []
    private var transcript: [UInt8] = []
    private var hasEnded = false

    static func read(_ bytes: [UInt8], _ cuts: [Int]) -> [UInt8] {
        var answer = Answer()
        for piece in pieces(bytes, cuts) where !answer.hasEnded {
            answer.inbound += piece
            answer.advance()
        }
        answer.finish()
        return answer.transcript
    }

    private mutating func advance() {
        do {
            while head == nil, !hasEnded {
                let inbound = inbound
                guard let read = try parser.parse(inbound.span, answersHead: false) else { return }
                try begin(read)
            }
            try readBody()
        } catch let error as HeadError {
            fail(error.message)
        } catch let error as BodyError {
            fail(error.message)
        } catch {}
    }

    private mutating func fail(_ why: String) {
        transcript.note("refused: ", why.utf8)
        hasEnded = true
    }

    private mutating func begin(_ read: ResponseHead) throws {
        let inbound = inbound
        transcript.note("status ", read.status)
        transcript.note("reason ", inbound[read.reason.range])
        transcript.note(read.framing)
        transcript.note("keeps ", read.keepsAlive ? 1 : 0)
        transcript.note(parser.fields, in: inbound.span)
        checkForwarding(read)
        self.inbound.removeFirst(read.length)
        parser.reset()
        guard !read.isInterim else { return }
        head = read
        body = BodyScanner(read.framing)
        scanner.reset(read.content)
    }

    private mutating func readBody() throws {
        guard head != nil, !hasEnded else { return }
        let inbound = inbound
        var offset = 0
        reading: while true {
            switch try body.next(inbound.span, from: &offset) {
            case .content(let range):
                content += inbound[range]
                scanner.feed(inbound.span, range)
            case .needMore, .end: break reading
            }
        }
        self.inbound.removeFirst(offset)
        hasEnded = body.isDone
    }

    private mutating func finish() {
        transcript.note("left ", hasEnded ? 0 : inbound.count)
        transcript.note("ends ", body.endsWithConnection ? 1 : 0)
        transcript.note("content ", content)
        scanner.finish()
        switch scanner.verdict {
        case .undecided: fatalError("a finished scanner is undecided")
        case .answer: transcript.note("verdict ", 1)
        case .error: transcript.note("verdict ", 2)
        case .empty: transcript.note("verdict ", 3)
        }
        transcript.note("events ", scanner.events)
        transcript.note("done ", scanner.isDone ? 1 : 0)
        transcript.note("error ", scanner.hasError ? 1 : 0)
        let tail = scanner.readTail()
        transcript.note("finish ", Int(tail.finishReason?.rawValue ?? 99))
        guard let usage = tail.usage else { return }
        transcript.note("prompt ", usage.prompt)
        transcript.note("completion ", usage.completion)
        transcript.note("cached ", usage.cached)
    }

    /// The head that the client gets says just our framing, and nothing of the upstream's connection.
    private func checkForwarding(_ read: ResponseHead) {
        guard !read.isInterim, read.status != 204, read.status != 304 else { return }
        var writer = ClientResponseHead(framing: .length(7), connection: .close, requestID: RequestID(1, 2))
        writer.instance = "i"
        let inbound = inbound
        var output: [UInt8] = []
        writer.append(upstream: read, fields: parser.fields, in: inbound.span, to: &output)
        var reader = ResponseHeadParser(limits: HeadLimits(bytes: 100_000, fields: 110))
        guard let again = try? reader.parse(output.span, answersHead: false) else {
            fatalError("not readable:\n\(text(output))")
        }
        require(again.framing == .length(7) && again.status == read.status, text(output))
        require(again.length == output.count && !again.keepsAlive && again.content == read.content, text(output))
        for field in reader.fields.fields where field.id.isHopByHop {
            require(field.id == .connection && output[field.value.range].elementsEqual("close".utf8), text(output))
        }
    }
}
