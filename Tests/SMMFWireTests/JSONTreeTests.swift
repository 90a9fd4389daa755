// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct JSONTreeTests {
    @Test func whatIsReadIsWrittenBack() throws {
        let texts = [
            "null", "true", "false", "0", "-0", "1.50e+10", "12345678901234567890123", "\"\"", "\"a\\\"b\\\\c\\n\"",
            "[]", "{}", "[1,[2,[]],{}]", "{\"z\":1,\"a\":{\"y\":null,\"b\":[true]}}", "\"\u{4f60}\u{1f600}\"",
        ]
        for text in texts { #expect(try JSONTree([UInt8](text)).text == text) }
        #expect(
            try JSONTree([UInt8](" { \"a\" : [ 1 , \"\\u00e4\\ud83d\\ude00\\/\" ] } ")).text == "{\"a\":[1,\"ä😀/\"]}"
        )
    }

    @Test(
        arguments: [
            ("", JSONProblem(.unexpectedEnd, at: 0)), ("{} {}", JSONProblem(.bytesAfterTheEnd, at: 3)),
            ("[[[", JSONProblem(.tooDeep(limit: 2), at: 2)),
            ("[1,2,3,4,5,6]", JSONProblem(.tooManyValues(limit: 6), at: 11)),
            ("{\"a\":1,\"\\u0061\":2}", JSONProblem(.repeatedKey, at: 8)),
            ("01", JSONProblem(.bytesAfterTheEnd, at: 1)),
            ("\"a\u{1}\"", JSONProblem(.controlCharacterInString, at: 2)),
            ("\"longer than the limit of forty bytes...\"", JSONProblem(.tooLong(limit: 40), at: 40)),
        ]
    )
    func whatIsRefused(_ text: String, _ problem: JSONProblem) {
        #expect(throws: problem) {
            try JSONTree([UInt8](text), limits: JSONTree.Limits(bytes: 40, depth: 2, values: 6))
        }
    }

    @Test func textThatIsNoUTF8IsRefused() {
        #expect(throws: JSONProblem(.badUTF8, at: 1)) { try JSONTree([0x22, 0xFF, 0x22]) }
    }

    @Test func repeatedKeysAreFoundInLargeObjects() throws {
        let members = (0..<40).map { "\"k\($0)\":\($0)" }
        let tree = try JSONTree([UInt8]("{" + members.joined(separator: ",") + "}"))
        #expect(tree["k39"]?.int == 39)
        for repeated in [0, 15, 16, 17, 39] {
            let text = "{" + members.joined(separator: ",") + ",\"k\(repeated)\":0}"
            #expect(throws: JSONProblem.self) { try JSONTree([UInt8](text)) }
        }
        // One character in two spellings makes two keys.
        let spellings = try JSONTree([UInt8]("{\"\\u00e9\":1,\"e\\u0301\":2}"))
        #expect(spellings["\u{e9}"]?.int == 1)
        #expect(spellings["e\u{301}"]?.int == 2)
    }

    @Test func valuesAreAskedAndChanged() throws {
        var tree = try JSONTree(
            [UInt8]("{\"s\":\"x\",\"i\":5.0,\"d\":0.5,\"b\":true,\"n\":null,\"a\":[7],\"big\":1e400}")
        )
        #expect(tree["s"]?.string == "x")
        #expect(tree["i"]?.int == 5)
        #expect(tree["d"]?.int == nil)
        #expect(tree["d"]?.double == 0.5)
        #expect(tree["big"]?.double == nil)
        #expect(tree["b"]?.bool == true)
        #expect(tree["n"]?.present == nil)
        #expect(tree["a"]?[0]?.int == 7)
        #expect(tree["a"]?[1] == nil)
        tree["d"] = nil
        tree["i"] = 6
        tree["new"] = ["x": 1, "y": [.number(0.25), .number(3.0)]]
        #expect(
            tree.text
                == "{\"s\":\"x\",\"i\":6,\"b\":true,\"n\":null,\"a\":[7],\"big\":1e400,\"new\":{\"x\":1,\"y\":[0.25,3]}}"
        )
    }

    @Test func documentsAreReadAsPythonReadsThem() async throws {
        var generator = BodyGenerator(seed: 41)
        let documents = (0..<4_000).map { _ in generator.document() }
        var counts = (read: 0, refused: 0, repeated: 0)
        for (number, (bytes, reference)) in zip(documents, try await StrictJSON.read(documents)).enumerated() {
            if number % 50 == 0 { await Task.yield() }
            let text = Comment(rawValue: bytes.text.debugDescription)
            do throws(JSONProblem) {
                let tree = try JSONTree(bytes, limits: JSONTree.Limits(depth: 64))
                #expect(reference.isValid, text)
                let written = tree.bytes
                let again = try JSONTree(written)
                #expect(again == tree, text)
                #expect(again.bytes == written, text)
                counts.read += 1
            } catch {
                if error.reason == .repeatedKey {
                    counts.repeated += 1
                } else {
                    #expect(!reference.isValid, text)
                    counts.refused += 1
                }
            }
        }
        #expect(counts.read > 2_000 && counts.refused > 750, "\(counts)")
    }
}
