// SPDX-License-Identifier: MIT

import SMMFWire

/// An answer of a played provider in its wire's shape, before faults and HTTP.
struct PlayedReply: Sendable {
    /// One piece of a body.
    struct Frame: Sendable {
        /// Lines before `data:` in an event, such as `event: ping`.
        var lines: [String] = []
        /// The piece: the event's data, the line, the payload, or the whole body.
        var data: [UInt8]
        /// The name of a binary frame's event.
        var event = ""
        /// Tokens of output that it carries.
        var tokens = 0

        init(_ tree: JSONTree, tokens: Int = 0, lines: [String] = [], event: String = "") {
            self.init(text: tree.text, tokens: tokens, lines: lines, event: event)
        }

        init(text: String, tokens: Int = 0, lines: [String] = [], event: String = "") {
            data = Array(text.utf8)
            self.tokens = tokens
            self.lines = lines
            self.event = event
        }
    }

    /// How frames are told apart.
    enum Framing: Sendable, Equatable {
        /// One body of a known length.
        case whole
        /// `text/event-stream`; tight ones have no blank behind colons.
        case events(tight: Bool)
        /// `application/x-ndjson`.
        case lines
        /// One JSON array that grows.
        case array
        /// `application/vnd.amazon.eventstream`.
        case frames

        var contentType: String {
            switch self {
            case .whole, .array: "application/json"
            case .events: "text/event-stream"
            case .lines: "application/x-ndjson"
            case .frames: "application/vnd.amazon.eventstream"
            }
        }
    }

    var status = 200
    var fields: [(name: String, value: String)] = []
    var framing = Framing.whole
    var frames: [Frame]
    /// What stands before all frames, such as a comment.
    var prelude: [UInt8] = []
    var prompt = 0
    var interval = Duration.zero
    /// Whether it tells an error.
    var isError = false
    var fault: PlayedFault?
    /// What comes instead, or in between, where an error stands inside a 200.
    var failure: Frame?

    /// A document.
    init(_ tree: JSONTree, status: Int = 200, tokens: Int = 0) {
        self.status = status
        frames = [Frame(tree, tokens: tokens)]
    }

    init(_ framing: Framing, _ frames: [Frame]) {
        self.framing = framing
        self.frames = frames
    }
}
