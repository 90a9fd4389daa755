// SPDX-License-Identifier: MIT

extension SimulatorPlanner {
    /// Where a plan leaves the good way: before the part with this index.
    private struct Detour {
        var fault: (kind: SimulatorFault, index: Int)?
        var holdIndex: Int?
    }

    func stream(_ answer: SimulatorAnswer, form: SimulatorForm) -> SimulatorPlan {
        let events = SimulatorEvents(script: script, form: form, path: path)
        let parts = events.parts(of: answer)
        let detour = Detour(
            fault: script.fault.map { ($0, Self.index(in: parts, after: script.faultAfter ?? 0)) },
            holdIndex: script.holdAfter.map { Self.index(in: parts, after: $0) }
        )
        return send(parts, answer: answer, form: form, detour: detour)
    }

    func whole(_ answer: SimulatorAnswer, form: SimulatorForm) -> SimulatorPlan {
        var part = SimulatorPart(bytes: Array(form.whole(answer).utf8), tokens: answer.pieces.count)
        part.pause = answer.start + script.tokenInterval * max(0, answer.pieces.count - 1)
        if answer.request.kind == .embedding || answer.request.kind == .rerank { part.tokens = 0 }
        var detour = Detour(holdIndex: script.holdAfter.map { _ in 0 })
        guard let fault = script.fault else { return send([part], answer: answer, form: form, detour: detour) }
        var rest = part
        rest.bytes = Array(part.bytes.suffix(part.bytes.count - part.bytes.count / 2))
        rest.pause = .zero
        part.bytes.removeLast(rest.bytes.count)
        switch fault {
        case .error:
            part.bytes = Array(script.dialect.error(SimulatorError(500, script.errorMessage, path: path)).utf8)
            part.tokens = 0
            return send([part], answer: answer, form: form, detour: detour)
        case .malformed:
            return send([part], answer: answer, form: form, detour: detour)
        case .hang, .reset, .fin, .exit, .garbage:
            part.tokens = 0
            detour.fault = (fault, script.faultAfter ?? 0 > 0 ? 1 : 0)
            return send([part, rest], answer: answer, form: form, detour: detour)
        }
    }

    /// The part before which so many tokens have been sent.
    private static func index(in parts: [SimulatorPart], after tokens: Int) -> Int {
        var sent = 0
        for (index, part) in parts.enumerated() {
            if sent >= tokens { return index }
            sent += part.tokens
        }
        return parts.count
    }

    private func send(
        _ parts: [SimulatorPart],
        answer: SimulatorAnswer,
        form: SimulatorForm,
        detour: Detour
    ) -> SimulatorPlan {
        let isStream = answer.request.isStream && form.stream != nil
        let body = framing(bytes: parts.reduce(0) { $0 + $1.bytes.count }, isStream: isStream)
        let head = head(body, streaming: isStream ? form.framing : nil)
        let cost = SimulatorPlan.Cost.generation(promptTokens: answer.request.promptTokens)
        let events = SimulatorEvents(script: script, form: form, path: path)
        var output = Output(planner: self, head: head, events: events)
        if script.earlyHead { output.writeHead() }
        for index in 0...parts.count {
            if index == detour.holdIndex { output.writer.step(.hold) }
            if let fault = detour.fault, fault.index == index {
                if let last = output.fail(fault.kind) { return output.writer.finish(last, cost: cost) }
            }
            guard index < parts.count else { break }
            output.writer.pause(parts[index].pause)
            output.writeHead()
            output.writeBody(parts[index].bytes, tokens: parts[index].tokens)
        }
        return output.writer.finish(output.end(), cost: cost)
    }

    /// Writes head and body in their framing, and the faults into them.
    private struct Output {
        let planner: SimulatorPlanner
        let head: SimulatorHead
        let events: SimulatorEvents
        var writer: SimulatorPlanWriter
        private var chunks: SizeCycle
        private var hasHead = false

        init(planner: SimulatorPlanner, head: SimulatorHead, events: SimulatorEvents) {
            self.planner = planner
            self.head = head
            self.events = events
            writer = SimulatorPlanWriter(script: planner.script)
            chunks = SizeCycle(planner.script.chunkSizes)
        }

        mutating func writeHead() {
            guard !hasHead else { return }
            hasHead = true
            writer.write(head.bytes)
        }

        mutating func writeBody(_ bytes: [UInt8], tokens: Int = 0) {
            guard head.body == .chunked else { return writer.write(bytes, tokens: tokens) }
            for (index, chunk) in chunks.cut(bytes).enumerated() {
                writer.write(Array("\(String(chunk.count, radix: 16))\r\n".utf8))
                writer.write(chunk, tokens: index == 0 ? tokens : 0)
                writer.write(Array("\r\n".utf8))
            }
        }

        mutating func end(isCut: Bool = false) -> SimulatorPlan.Step {
            writeHead()
            if head.body == .chunked { writer.write(Array("0\r\n\r\n".utf8)) }
            return .complete(closes: head.closes || (isCut && head.body != .chunked))
        }

        /// The step that ends the plan with this fault, or nil when the body goes on after it.
        mutating func fail(_ fault: SimulatorFault) -> SimulatorPlan.Step? {
            if planner.script.faultAfter != nil { writeHead() }
            switch fault {
            case .hang: return .hang
            case .reset: return .drop(.reset)
            case .fin: return .drop(.fin)
            case .exit: return .drop(.exit)
            case .garbage:
                writer.write([0x00, 0xFF] + Array("this is not HTTP\r\n\r\n".utf8))
                return .drop(.fin)
            case .error:
                writeBody(events.error)
                return end(isCut: true)
            case .malformed:
                writeHead()
                writeBody(events.malformed)
                return nil
            }
        }
    }
}
