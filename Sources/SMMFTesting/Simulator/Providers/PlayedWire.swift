// SPDX-License-Identifier: MIT

import SMMFWire

/// How conversations are said at a provider: written from the provider's own pages and from recorded traffic, and from
/// none of SMMF's codecs, so that a mistake there is not repeated here.
protocol PlayedWire: Sendable {
    /// Reads what is asked for, and refuses what the provider refuses.
    func question(_ call: PlayedCall) throws(PlayedError) -> PlayedQuestion
    /// The answer in one piece.
    func whole(_ turn: PlayedTurn, _ question: PlayedQuestion) -> JSONTree
    /// The answer as a stream; the tokens of its frames add up to the turn's.
    func stream(_ turn: PlayedTurn, _ question: PlayedQuestion) -> [PlayedReply.Frame]
    /// How the stream's frames are told apart.
    func framing(_ call: PlayedCall) -> PlayedReply.Framing
    /// An error as a frame of a stream that has begun.
    func failure(_ entry: PlayedWords.Entry, _ words: PlayedWords) -> PlayedReply.Frame
    /// The answer for an error before anything else; nil is a plain document with its status.
    func refusal(_ entry: PlayedWords.Entry, _ words: PlayedWords, _ call: PlayedCall) -> PlayedReply?
}

extension PlayedWire {
    func failure(_ entry: PlayedWords.Entry, _ words: PlayedWords) -> PlayedReply.Frame {
        PlayedReply.Frame(words.body(entry))
    }

    func refusal(_ entry: PlayedWords.Entry, _ words: PlayedWords, _ call: PlayedCall) -> PlayedReply? { nil }
}

extension PlayedCall {
    /// Reads, plays and writes.
    func chat(_ wire: some PlayedWire) throws(PlayedError) -> PlayedReply {
        do {
            return try play(wire)
        } catch {
            let entry = provider.words.entry(error)
            guard var reply = wire.refusal(entry, provider.words, self) else { throw error }
            reply.isError = true
            return reply
        }
    }

    private func play(_ wire: some PlayedWire) throws(PlayedError) -> PlayedReply {
        let question = try wire.question(self)
        let scene = PlayedScene(question.said)
        guard scene.unknown.isEmpty else {
            throw PlayedError(.badRequest, "the simulator knows no \(scene.unknown.joined(separator: " "))")
        }
        if let kind = scene.error, !question.endsWithResult { throw PlayedError(kind) }
        let turn = PlayedTurn(scene, question)
        var reply: PlayedReply
        if question.streams {
            reply = PlayedReply(wire.framing(self), wire.stream(turn, question))
            reply.failure = wire.failure(provider.words.entry(PlayedError(.overloaded)), provider.words)
        } else {
            reply = PlayedReply(wire.whole(turn, question), tokens: turn.completion)
            reply.failure = PlayedReply.Frame(provider.words.body(provider.words.entry(PlayedError(.overloaded))))
        }
        reply.prompt = turn.prompt
        reply.interval = turn.interval
        reply.fault = scene.fault
        reply.fields = provider.fields
        return reply
    }
}
