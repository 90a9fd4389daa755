// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFKeys
import SMMFTesting
import Testing

@Suite("Secrets of API keys")
struct KeySecretTests {
    @Test("a secret is recognisable, long enough and never the same twice")
    func fresh() {
        var generator = SystemRandomNumberGenerator()
        var seen: Set<String> = []
        for _ in 0..<1000 {
            let secret = KeySecret.fresh(using: &generator)
            let random = secret.dropFirst("sk-smmf-".count)
            #expect(secret.hasPrefix("sk-smmf-") && random.count == 43)
            #expect(random.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
            #expect(seen.insert(secret).inserted)
            #expect(KeySecret.prefix(of: secret) == secret.prefix(12))
        }
    }

    @Test("every letter and digit comes up, so that no bits are wasted")
    func alphabet() {
        var generator = SeededGenerator(seed: 7)
        let all = (0..<200).map { _ in KeySecret.fresh(using: &generator).dropFirst("sk-smmf-".count) }.joined()
        #expect(Set(all).count == 62)
    }

    @Test(
        "digests are SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ]
    )
    func digest(secret: String, expected: String) {
        #expect(KeySecret.digest(of: secret).description == expected)
        #expect(KeyDigest(expected) == KeySecret.digest(of: secret))
    }

    @Test(
        "what is no digest is refused",
        arguments: [
            "", "abc", String(repeating: "g", count: 64), String(repeating: "A", count: 64),
            String(repeating: "a", count: 63), String(repeating: "+", count: 64),
        ]
    )
    func noDigest(text: String) { #expect(KeyDigest(text) == nil) }
}
