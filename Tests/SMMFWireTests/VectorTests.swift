// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct VectorTests {
    private func change(_ text: String, _ wish: VectorWish) -> String? {
        let bytes = Array(text.utf8)
        return VectorForm.change(bytes.span, to: wish).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `Numbers become Base64 of little-endian floats`() {
        let text = #"{"data":[{"index":0,"embedding":[1, -2.5,0.000001e3]}],"model":"m"}"#
        let expected = #"{"data":[{"index":0,"embedding":"AACAPwAAIMBvEoM6"}],"model":"m"}"#
        #expect(change(text, VectorWish(isBase64: true)) == expected)
    }

    @Test func `Vectors are cut to the length asked for and have length one again`() {
        let text = #"{"data":[{"embedding":[3,4,12]},{"embedding":[0.0,0,1]}]}"#
        let expected = #"{"data":[{"embedding":[0.6,0.8]},{"embedding":[0.0,0.0]}]}"#
        #expect(change(text, VectorWish(dimensions: 2)) == expected)
    }

    @Test func `Base64 is cut as well`() {
        let text = #"{"data":[{"embedding":"AABAQAAAgEAAAEBB"}]}"#
        #expect(change(text, VectorWish(isBase64: true, dimensions: 2)) == #"{"data":[{"embedding":"mpkZP83MTD8="}]}"#)
    }

    @Test(arguments: [
        (#"{"data":[{"embedding":"AACAPw=="}]}"#, VectorWish(isBase64: true)),
        (#"{"data":[{"embedding":[1,2]}]}"#, VectorWish(dimensions: 2)),
        (#"{"data":[{"embedding":[1,2]}]}"#, VectorWish(dimensions: 3)),
        (#"{"data":[{"embedding":null}]}"#, VectorWish(isBase64: true)),
        (#"{"data":[]}"#, VectorWish(isBase64: true)), ("no JSON", VectorWish(isBase64: true)),
    ])
    func `What is right, or no vector, stays as it is`(text: String, wish: VectorWish) {
        #expect(change(text, wish) == nil)
    }

    @Test func `Numbers are read as the standard library reads them`() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let value =
                Double.random(in: -1...1, using: &random) * [1, 1e-8, 1e9, 1e-30].randomElement(using: &random)!
            let text = "[\(value)]"
            let bytes = Array(text.utf8)
            let read = Vector(bytes.span, 0..<bytes.count)
            let vector = try #require(read)
            #expect(abs(Double(vector.values[0]) - Double(Float(value))) <= abs(value) * 1.2e-7, "\(text)")
        }
    }

    @Test(arguments: ["", "a", "ab", "abc", "abcd", "\u{0}\u{1}\u{7f}~"])
    func `Base64 comes back`(text: String) {
        var encoded: [UInt8] = []
        Base64.append(Array(text.utf8), to: &encoded)
        #expect(encoded.count % 4 == 0)
        let decoded = Base64.decode(encoded.span, 0..<encoded.count)
        #expect(decoded == Array(text.utf8))
    }
}
