// SPDX-License-Identifier: MIT

import NIOCore

/// Turns a played provider's answer into bytes and steps, with the fault in it.
struct ProviderPlanner {
    private let script: SimulatorScript
    private let planner: SimulatorPlanner
    private let reply: PlayedReply
    private let fault: PlayedFault?
    private var isStream: Bool { reply.framing != .whole }

    init(planner: SimulatorPlanner, reply: PlayedReply, fault: PlayedFault?) {
        // An error is told as it is; faults are for good answers.
        self.fault = reply.isError ? nil : fault
        self.reply = reply
        var script = planner.script
        switch self.fault {
        case .split: script.writeSizes = [1]
        case .drip:
            script.writeSizes = [1]
            script.writePause = .milliseconds(1)
        case .tight: script.tight = true
        case .crlf: script.crlf = true
        case .comments: script.noise = .comments
        case .blanks: script.noise = .blanks
        default: break
        }
        self.script = script
        self.planner = SimulatorPlanner(script: script, client: planner.client, path: planner.path)
    }

    func plan() -> SimulatorPlan {
        let pieces = pieces()
        let total = pieces.reduce(0) { $0 + $1.bytes.count }
        let body = isStream ? planner.framing(bytes: total, isStream: true) : .length(declared(total))
        var head = planner.head(body)
        head.status = reply.status
        head.contentType = reply.framing.contentType
        head.extra = reply.fields
        var writer = SimulatorPlanWriter(script: script)
        let cost: SimulatorPlan.Cost =
            reply.isError ? .refusal : reply.prompt > 0 ? .generation(promptTokens: reply.prompt) : .free
        if fault == .hang { return writer.finish(.hang, cost: cost) }
        if fault == .bomb { return bomb(head, cost) }
        writer.write(head.bytes)
        let end = cut(pieces.count)
        for (index, piece) in pieces.prefix(end).enumerated() {
            if index > 0 { writer.pause(reply.interval) }
            if fault == .endless, index == 1 { return endless(&writer, piece.bytes, body, cost) }
            write(piece.bytes, tokens: piece.tokens, body, to: &writer)
        }
        switch fault {
        case .close: return writer.finish(.drop(.fin), cost: cost)
        case .reset: return writer.finish(.drop(.reset), cost: cost)
        default: break
        }
        if body == .chunked { writer.write(Array("0\r\n\r\n".utf8)) }
        return writer.finish(.complete(closes: head.closes), cost: cost)
    }

    private func write(
        _ bytes: [UInt8],
        tokens: Int = 0,
        _ body: SimulatorHead.Body,
        to writer: inout SimulatorPlanWriter
    ) {
        guard body == .chunked else { return writer.write(bytes, tokens: tokens) }
        writer.write(Array("\(String(bytes.count, radix: 16))\r\n".utf8))
        writer.write(bytes, tokens: tokens)
        writer.write(Array("\r\n".utf8))
    }

    /// How many pieces are sent.
    private func cut(_ count: Int) -> Int {
        switch fault {
        case .truncated, .close, .reset: isStream ? max(1, count / 2) : count
        default: count
        }
    }

    /// The length that is told: a body that breaks off promises more than there is.
    private func declared(_ count: Int) -> Int { fault == .close || fault == .reset ? count + 64 : count }

    // MARK: Pieces

    private struct Piece {
        var bytes: [UInt8]
        var tokens = 0
    }

    private func pieces() -> [Piece] {
        var frames = reply.frames
        switch fault {
        case .errorInside: frames = reply.failure.map { [$0] } ?? frames
        case .errorLater:
            let failure = reply.failure.map { [$0] } ?? []
            frames = isStream ? Array(frames.prefix(max(1, frames.count / 2))) + failure : failure
        case .checksum where reply.framing != .frames && isStream:
            frames.insert(PlayedReply.Frame(text: #"{"choices":[{"#), at: frames.count / 2)
        case .longLine: if !frames.isEmpty { frames[0].data = Self.padded(frames[0].data) }
        default: break
        }
        let form = ProviderFraming(script: script, framing: reply.framing, isBroken: fault == .checksum)
        var pieces: [Piece] = reply.prelude.isEmpty ? [] : [Piece(bytes: reply.prelude)]
        for (index, frame) in frames.enumerated() {
            pieces.append(Piece(bytes: form.bytes(frame, index: index, of: frames.count), tokens: frame.tokens))
        }
        guard !pieces.isEmpty else { return pieces }
        if fault == .mark, reply.framing != .frames, reply.framing != .lines {
            pieces[0].bytes = [0xEF, 0xBB, 0xBF] + pieces[0].bytes
        }
        guard !isStream else { return pieces }
        switch fault {
        case .blanks: pieces[0].bytes = Array("\n\n\n".utf8) + pieces[0].bytes
        case .truncated, .close, .reset, .checksum: pieces[0].bytes.removeLast(pieces[0].bytes.count / 2)
        default: break
        }
        return pieces
    }

    /// Ten megabytes of white space before the last brace of a document.
    private static func padded(_ data: [UInt8]) -> [UInt8] {
        guard let last = data.last, last == UInt8(ascii: "}") else { return data }
        return data.dropLast() + [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20) + [last]
    }

    // MARK: More than anybody wants

    private func endless(
        _ writer: inout SimulatorPlanWriter,
        _ piece: [UInt8],
        _ body: SimulatorHead.Body,
        _ cost: SimulatorPlan.Cost
    ) -> SimulatorPlan {
        var block: [UInt8] = []
        while block.count < 1 << 20 { block += piece }
        var bytes = ByteBuffer()
        if body == .chunked { bytes.writeString("\(String(block.count, radix: 16))\r\n") }
        bytes.writeBytes(block)
        if body == .chunked { bytes.writeString("\r\n") }
        // They share the block's memory.
        for _ in 0..<1_024 { writer.step(.write(bytes, tokens: 0)) }
        return writer.finish(.hang, cost: cost)
    }

    private func bomb(_ head: SimulatorHead, _ cost: SimulatorPlan.Cost) -> SimulatorPlan {
        var head = head
        var writer = SimulatorPlanWriter(script: script)
        head.body = .length(ProviderBomb.bytes.count)
        head.extra.append(("content-encoding", "gzip"))
        writer.write(head.bytes + ProviderBomb.bytes)
        return writer.finish(.complete(closes: head.closes), cost: cost)
    }
}
