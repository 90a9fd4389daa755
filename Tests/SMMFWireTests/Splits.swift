// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// Ways to cut a message: whole, byte by byte, at each place once, and at random places.
func waysToCut(_ count: Int, seed: UInt64 = 7) -> [[Int]] {
    var random = SeededGenerator(seed: seed)
    var ways: [[Int]] = [[], Array(stride(from: 1, to: max(count, 1), by: 1))]
    ways += (0..<count).map { [$0] }
    for _ in 0..<20 {
        ways.append((0..<Int.random(in: 1...8, using: &random)).map { _ in Int.random(in: 0...count, using: &random) })
    }
    return ways
}

/// The pieces of `bytes` between the cuts.
func pieces(_ bytes: [UInt8], _ cuts: [Int]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var start = 0
    for cut in cuts.sorted() + [bytes.count] where cut >= start {
        result.append(Array(bytes[start..<cut]))
        start = cut
    }
    return result
}

/// Checks that `read` makes the same of texts and of damaged ones wherever they are cut; lets other tests run meanwhile.
func checkSplits<Result: Equatable>(seed: UInt64, _ texts: [String], _ read: ([[UInt8]]) -> Result) async {
    var random = SeededGenerator(seed: seed)
    var corpus = texts.map { [UInt8]($0) }
    for _ in 0..<150 { corpus.append(mutated(corpus.randomElement(using: &random) ?? [], using: &random)) }
    for bytes in corpus {
        await Task.yield()
        let whole = read([bytes])
        for cuts in waysToCut(bytes.count, seed: random.next()) {
            let cut = read(pieces(bytes, cuts))
            #expect(cut == whole, "\(bytes.text.debugDescription) at \(cuts)")
        }
    }
}

/// `bytes` with one to three bytes changed, left out or doubled.
func mutated(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var result = bytes
    let interesting: [UInt8] = [0, 9, 10, 13, 32, 34, 44, 48, 58, 59, 92, 123, 125, 127, 255]
    for _ in 0..<Int.random(in: 1...3, using: &random) where !result.isEmpty {
        let place = Int.random(in: 0..<result.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: result[place] = interesting.randomElement(using: &random) ?? 0
        case 1: result[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: result.remove(at: place)
        default: result.insert(result[place], at: place)
        }
    }
    return result
}

extension [UInt8] {
    init(_ text: String) { self = Array(text.utf8) }

    var text: String { String(decoding: self, as: UTF8.self) }
}
