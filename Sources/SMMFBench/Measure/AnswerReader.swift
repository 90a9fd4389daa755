// SPDX-License-Identifier: MIT

import SMMFWire

/// Follows one answer after another through pieces of any size, and judges each. Without a clock and without a socket.
struct AnswerReader: Sendable {
    private enum Phase: Sendable, Hashable {
        case head, body, complete
    }

    /// So much of an error's text is kept.
    static let sampleLimit = 400

    private var phase = Phase.complete
    private var expectsStream = false
    private var parser = ResponseHeadParser()
    private var head: ResponseHead?
    private var body = BodyScanner(.none)
    private var scanner = ResponseScanner()
    /// The beginning of a head that a read ended in.
    private var held: [UInt8] = []
    /// The beginning of the body of an answer with a bad status.
    private(set) var sample: [UInt8] = []
    /// Whether any byte of the answer has come.
    private(set) var hasBegun = false

    /// Events with data so far, `[DONE]` not counted.
    var events: Int { scanner.events }
    /// Whether the answer's end was read.
    var isComplete: Bool { phase == .complete }
    /// Whether the connection may carry another request.
    var keepsAlive: Bool { head?.keepsAlive ?? false }

    /// Starts over for the next answer.
    mutating func begin(expectsStream: Bool) {
        phase = .head
        self.expectsStream = expectsStream
        parser.reset()
        head = nil
        held.removeAll(keepingCapacity: true)
        if !sample.isEmpty { sample.removeAll() }
        hasBegun = false
    }

    /// Reads on. Bytes behind the answer's end are a fault, as nothing else was asked for.
    mutating func feed(_ bytes: Span<UInt8>) throws(LoadFailure) {
        guard phase != .complete else { throw .malformed }
        hasBegun = true
        guard phase == .head else { return try readBody(bytes, from: 0) }
        guard held.isEmpty else {
            held.append(bytes, 0..<bytes.count)
            // Moved out, so that reading the bytes and changing the rest do not overlap.
            let all = held
            held = []
            return try readHead(all.span)
        }
        try readHead(bytes)
    }

    private mutating func readHead(_ bytes: Span<UInt8>) throws(LoadFailure) {
        var start = 0
        while true {
            let rest = bytes.extracting(start..<bytes.count)
            let read: ResponseHead?
            do { read = try parser.parse(rest, answersHead: false) } catch { throw .malformed }
            guard let read else {
                held.append(rest, 0..<rest.count)
                return
            }
            start += read.length
            if read.isInterim {
                parser.reset()
                continue
            }
            head = read
            body = BodyScanner(read.framing)
            scanner.reset(read.status < 300 ? read.content : .opaque)
            phase = .body
            return try readBody(bytes, from: start)
        }
    }

    private mutating func readBody(_ bytes: Span<UInt8>, from start: Int) throws(LoadFailure) {
        var offset = start
        do {
            while true {
                switch try body.next(bytes, from: &offset) {
                case .content(let range): note(bytes, range)
                case .needMore: return
                case .end:
                    phase = .complete
                    guard offset == bytes.count else { throw LoadFailure.malformed }
                    return
                }
            }
        } catch { throw .malformed }
    }

    private mutating func note(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        scanner.feed(bytes, range)
        guard let head, head.status >= 300, sample.count < Self.sampleLimit else { return }
        sample.append(bytes, range.prefix(Self.sampleLimit - sample.count))
    }

    /// The connection ended; throws what is missing, and is silent when that was a proper end.
    mutating func connectionEnded() throws(LoadFailure) {
        switch phase {
        case .complete: return
        case .head: throw .closed
        case .body:
            guard body.endsWithConnection else { throw head?.content == .eventStream ? .brokenStream : .cutOff }
            phase = .complete
        }
    }

    /// Judges the complete answer, and returns how many tokens its usage says that it has.
    mutating func finish() throws(LoadFailure) -> Int? {
        guard let head else { throw .closed }
        guard (200..<300).contains(head.status) else { throw .status(head.status) }
        scanner.finish()
        guard !scanner.hasError else { throw .error }
        if expectsStream, head.content != .eventStream { throw .noStream }
        guard scanner.verdict != .empty, head.framing != .none else { throw .empty }
        let tail = scanner.readTail()
        if head.content == .eventStream, !scanner.isDone, tail.finishReason == nil { throw .brokenStream }
        return tail.usage?.completion
    }
}

extension Range<Int> {
    /// The first `count` of it.
    fileprivate func prefix(_ count: Int) -> Range<Int> {
        lowerBound..<Swift.min(upperBound, lowerBound + count)
    }
}
