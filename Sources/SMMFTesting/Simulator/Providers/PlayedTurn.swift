// SPDX-License-Identifier: MIT

import SMMFWire

/// What a played provider answers, before a wire has put it into its shape.
struct PlayedTurn: Sendable {
    struct Call: Sendable {
        /// Nine letters and digits; wires put their own beginning before them.
        let token: String
        let name: String
        let arguments: JSONTree

        /// The arguments as text, in two pieces.
        var pieces: [String] {
            let text = arguments.text
            // A place inside the text; what is before and after it is UTF-8 as the cut is between characters.
            let middle = text.index(text.startIndex, offsetBy: text.count / 2)
            return [String(text[..<middle]), String(text[middle...])].filter { !$0.isEmpty }
        }
    }

    enum Finish: Sendable, Equatable {
        case stop, length, calls, filtered
        /// Before this text.
        case sequence(String)
    }

    /// Distinguishes answers; the same for the same question.
    let id: String
    let model: String
    var reasoning: [String] = []
    var pieces: [String] = []
    var calls: [Call] = []
    var finish = Finish.stop
    var prompt: Int
    /// The part of the prompt that came from a cache.
    var cached = 0
    /// Reasoning that is counted and not shown.
    var hidden = 0
    /// The time between two pieces.
    var interval = Duration.zero

    var text: String { pieces.joined() }
    var thought: String { reasoning.joined() }
    /// Tokens of reasoning, shown or not.
    var reasoned: Int { reasoning.count + hidden }
    /// All tokens of output: one for each piece, two for each call.
    var completion: Int { pieces.count + reasoned + calls.count * 2 }
}
