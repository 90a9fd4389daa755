// SPDX-License-Identifier: MIT

/// Puts tool calls together whose pieces come in any fashion: a call begins when its name is known, and the first id and
/// name that are not empty stay.
struct ToolCallTracker: Sendable {
    /// A part of a call.
    struct Piece: Sendable {
        var id: String
        var name: String
        var arguments: String
        var signature: String?
    }

    private struct Call: Sendable {
        var place: Int?
        var id = ""
        var waiting = ""
    }

    private var calls: [Int: Call] = [:]
    /// The key of the call whose piece came last.
    private(set) var lastKey: Int?
    /// How many calls have begun.
    private(set) var count = 0

    /// A key that no call has.
    var freeKey: Int { (calls.keys.max() ?? -1) + 1 }

    /// Takes a piece of the call with this key; `fallback` is its id where it brings none.
    mutating func take(_ piece: Piece, key: Int, fallback: String) -> [ChatDelta] {
        lastKey = key
        var call = calls[key] ?? Call()
        defer { calls[key] = call }
        if call.id.isEmpty { call.id = piece.id }
        if let place = call.place {
            return piece.arguments.isEmpty ? [] : [.toolArguments(index: place, piece.arguments)]
        }
        call.waiting += piece.arguments
        guard !piece.name.isEmpty else { return [] }
        let place = count
        count += 1
        call.place = place
        let id = call.id.isEmpty ? fallback : call.id
        var deltas: [ChatDelta] = [.toolCall(index: place, id: id, name: piece.name, signature: piece.signature)]
        if !call.waiting.isEmpty { deltas.append(.toolArguments(index: place, call.waiting)) }
        call.waiting = ""
        return deltas
    }
}
