// SPDX-License-Identifier: MIT

import SMMFTesting

/// What one client asks of a simulated engine, and how it behaves itself: everything follows from a seed.
struct FaultPlan: Sendable {
    /// How a client uses its connection.
    enum Manner: CaseIterable {
        case reads, leavesEarly, leavesInTheMiddle, readsSlowly
    }

    let number: Int
    let tokens: Int
    let isStream: Bool
    let manner: Manner
    let fault: SimulatorFault?
    /// Nil is before the head of the answer.
    let faultAfter: Int?
    let status: Int
    let settings: [String: String]

    init(number: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37)
        func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &random) < one }
        func one(of texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }
        self.number = number
        tokens = Int.random(in: 1...40, using: &random)
        isStream = chance(4, in: 5)
        manner = chance(4, in: 5) ? .reads : Manner.allCases.randomElement(using: &random) ?? .reads
        // What takes a while or everything with it is kept rare.
        let others: [SimulatorFault] = [.reset, .fin, .error, .malformed, .garbage]
        let rare: SimulatorFault = chance(1, in: 2) ? .hang : .exit
        fault = chance(1, in: 2) ? nil : chance(1, in: 30) ? rare : others.randomElement(using: &random)
        faultAfter = chance(1, in: 3) ? nil : Int.random(in: 0...tokens, using: &random)
        status = fault == nil && chance(1, in: 12) ? [400, 404, 429, 500, 503].randomElement(using: &random) ?? 0 : 0
        var settings = ["tokens": "\(tokens)"]
        if chance(1, in: 2) { settings["usage"] = one(of: ["always", "finish-chunk", "every-chunk", "absent"]) }
        if chance(1, in: 4) { settings["crlf"] = "true" }
        if chance(1, in: 4) { settings["tight"] = "true" }
        if chance(1, in: 4) { settings["done"] = "false" }
        if chance(1, in: 3) { settings["noise"] = one(of: ["comments", "blanks", "fields"]) }
        if chance(1, in: 4) { settings["early-head"] = "true" }
        if chance(1, in: 3) { settings["chunk-sizes"] = one(of: ["1", "3,200", "64", "1000,1"]) }
        if chance(1, in: 4) { settings["write-sizes"] = one(of: ["1", "7", "100,1,1", "1400"]) }
        if chance(1, in: 6) { settings["connection-close"] = "true" }
        if chance(1, in: 6) { settings["head-bytes"] = one(of: ["200", "8000", "60000"]) }
        if chance(1, in: 4) { settings["interval-ms"] = "1" }
        // An answer in one piece that just its connection ends tells nobody that it is cut.
        let framings = isStream ? ["chunked", "length", "close", "http10"] : ["chunked", "length"]
        if chance(1, in: 3) { settings["framing"] = one(of: framings) }
        if let fault {
            settings["fault"] = fault.rawValue
            settings["fault-after"] = faultAfter.map { "\($0)" } ?? "head"
        }
        if status != 0 { settings["status"] = "\(status)" }
        self.settings = settings
    }

    /// Whether an answer to it cannot be whole, whoever gives it.
    var mustBreak: Bool {
        fault != nil && fault != .malformed
    }

    var fields: String { settings.sorted { $0.key < $1.key }.map { "x-sim-\($0.key): \($0.value)\r\n" }.joined() }
}
