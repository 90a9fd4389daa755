// SPDX-License-Identifier: MIT

/// Finds the documents in an answer's bytes for a machine that understands them: events, lines, binary messages, or one
/// document that is all. It goes by the first bytes, since providers answer a request for a stream with a plain document
/// when they refuse it, and say so in neither status nor type.
struct DocumentReader<Machine: AnswerMachine>: ChatAnswerReader, Sendable {
    private enum Phase: Sendable {
        /// Nothing but white space came.
        case beginning
        /// One document, or an error of any form, is gathered.
        case gathering([UInt8])
        case events(EventSource)
        case lines(LineSource)
        case frames(FrameSource)
        /// An end or an error was told.
        case over
    }

    private var machine: Machine
    private var phase = Phase.beginning
    private var head = AnswerHead(status: 200)
    private let streams: Bool
    private let limits: JSONTree.Limits

    /// Bytes of an error that are read.
    static var errorLimit: Int { 1 << 16 }

    /// `streams` tells whether a stream was asked for; a document of a stream is at most `limits` long.
    init(_ machine: Machine, streams: Bool, limits: JSONTree.Limits = JSONTree.Limits(bytes: 32 << 20)) {
        self.machine = machine
        self.streams = streams
        self.limits = limits
    }

    mutating func begin(_ head: AnswerHead) { self.head = head }

    mutating func feed(_ bytes: Span<UInt8>, to events: inout [ChatEvent]) {
        do throws(NeutralError) {
            var offset = 0
            if case .beginning = phase { choose(bytes, &offset) }
            try read(bytes, from: &offset, to: &events)
        } catch {
            fail(error, to: &events)
        }
    }

    mutating func finish(isWhole: Bool, to events: inout [ChatEvent]) {
        do throws(NeutralError) {
            try finishPhase(isWhole: isWhole, to: &events)
            if case .over = phase { return }
            guard isWhole else { throw .brokenOff("the connection broke") }
            try machine.finish(to: &events)
            phase = .over
        } catch {
            fail(error, to: &events)
        }
    }

    private mutating func choose(_ bytes: Span<UInt8>, _ offset: inout Int) {
        while offset < bytes.count, bytes[offset] <= ASCII.space, bytes[offset] > 0 { offset += 1 }
        guard offset < bytes.count else { return }
        let first = bytes[offset]
        if !head.isSuccess {
            phase = .gathering([])
        } else if machine.framing == .frames, streams, first == 0 {
            phase = .frames(FrameSource())
        } else if machine.framing == .lines, streams {
            phase = .lines(LineSource(limit: limits.bytes))
        } else if first == ASCII.openBrace || first == ASCII.openBracket || !streams {
            phase = .gathering([])
        } else {
            phase = .events(EventSource(limit: limits.bytes))
        }
    }

    private mutating func read(
        _ bytes: Span<UInt8>,
        from offset: inout Int,
        to events: inout [ChatEvent]
    ) throws(NeutralError) {
        // Each source is moved out while the machine works with what it gave, and moved back behind it.
        switch phase {
        case .beginning, .over: return
        case .gathering(var gathered):
            phase = .over
            let limit = head.isSuccess ? limits.bytes : Self.errorLimit
            guard head.isSuccess || gathered.count < limit else { return phase = .gathering(gathered) }
            guard gathered.count + bytes.count - offset <= limit || !head.isSuccess else {
                throw .unreadable("it is longer than \(limit) bytes")
            }
            gathered.append(bytes, offset..<min(bytes.count, offset + limit - gathered.count))
            phase = .gathering(gathered)
        case .events(var source):
            phase = .over
            while let event = try source.next(bytes, from: &offset) {
                if try take(event, to: &events) { return }
            }
            phase = .events(source)
        case .lines(var source):
            phase = .over
            while let line = try source.next(bytes, from: &offset) {
                try machine.take(parse(line), .event(""), to: &events)
                if events.last == .end { return }
            }
            phase = .lines(source)
        case .frames(var source):
            phase = .over
            while let frame = try source.next(bytes, from: &offset) {
                try machine.take(parse(frame.payload), .event(frame.kind), to: &events)
                if events.last == .end { return }
            }
            phase = .frames(source)
        }
    }

    private mutating func finishPhase(isWhole: Bool, to events: inout [ChatEvent]) throws(NeutralError) {
        switch phase {
        case .over: return
        case .beginning:
            if !head.isSuccess { throw machine.error(ErrorWords("The status is \(head.status)."), head: head) }
            throw .brokenOff("it is empty")
        case .gathering(let gathered):
            if !head.isSuccess { throw machine.error(ErrorWords(gathered), head: head) }
            guard isWhole else { throw .brokenOff("the connection broke") }
            try takeWhole(gathered, to: &events)
        case .events(var source):
            // A last event without its empty line counts only where nothing was cut off.
            if isWhole, let event = source.finish(), try take(event, to: &events) { return }
        case .lines(var source):
            if isWhole, let line = source.finish() {
                try machine.take(parse(line), .event(""), to: &events)
                if events.last == .end { phase = .over }
            }
        case .frames(let source):
            if !source.isEmpty { throw .brokenOff("a message is cut off") }
        }
    }

    private mutating func takeWhole(_ gathered: [UInt8], to events: inout [ChatEvent]) throws(NeutralError) {
        let document = try parse(gathered)
        if case .array(let list) = document {
            // Gemini's streams without `alt=sse` are one list.
            for element in list { try machine.take(element, .event(""), to: &events) }
            try machine.finish(to: &events)
        } else {
            try machine.take(document, .whole, to: &events)
        }
        phase = .over
        if events.last != .end { try machine.finish(to: &events) }
    }

    /// Takes an event; true when the stream is over with it.
    private mutating func take(_ event: EventSource.Event, to events: inout [ChatEvent]) throws(NeutralError) -> Bool {
        if let status = event.status, status >= 400 {
            var head = head
            head.status = status
            throw machine.error(ErrorWords(event.data), head: head)
        }
        let data = event.data.span
        let range = data.trimmed(0..<data.count)
        if data.matches(range, "[DONE]") {
            try machine.takeDone(to: &events)
        } else if !range.isEmpty {
            try machine.take(parse(event.data), .event(event.name), to: &events)
        }
        guard events.last == .end else { return false }
        phase = .over
        return true
    }

    private func parse(_ bytes: [UInt8]) throws(NeutralError) -> JSONTree {
        // A byte order mark is no part of a document (RFC 8259 section 8.1).
        let document = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        do throws(JSONProblem) { return try JSONTree(document, limits: limits) } catch {
            throw .unreadable(error.message)
        }
    }

    private mutating func fail(_ error: NeutralError, to events: inout [ChatEvent]) {
        phase = .over
        events.append(.error(error))
    }
}
