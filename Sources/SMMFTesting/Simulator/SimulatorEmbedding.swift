// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A vector of length one that depends on the text alone, so that equal texts have equal vectors.
struct SimulatorEmbedding {
    let values: [Float]

    init(of text: String, dimensions: Int) {
        var generator = SeededGenerator(seed: SimulatorText.hash(text))
        let raw = (0..<dimensions).map { _ in Float.random(in: -1...1, using: &generator) }
        let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        values = length > 0 ? raw.map { $0 / length } : raw
    }

    /// As a JSON array.
    var list: String { "[" + values.map { "\($0)" }.joined(separator: ",") + "]" }

    /// As little-endian floats in base64, which OpenAI's own clients ask for.
    var base64: String {
        let bytes = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
        return Data(bytes).base64EncodedString()
    }
}
