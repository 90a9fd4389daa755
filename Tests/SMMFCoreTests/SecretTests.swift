// SPDX-License-Identifier: MIT

import Foundation
import SMMFCore
import Testing

@Suite struct SecretTests {
    private let text = "sk-abcdefghijklmnopqrstuvwxyz"

    @Test func `No description shows it`() throws {
        let secret = try Secret(text)
        let spec = ProviderSpec(provider: "p", keys: [ProviderKey(secret)])
        var dumped = ""
        dump(spec, to: &dumped)
        for shown in ["\(secret)", "\(spec)", String(reflecting: spec), dumped] {
            #expect(!shown.contains("ghijkl"))
            #expect(shown.contains("sk-a…wxyz"))
        }
        #expect(try Secret("short").masked == "…")
    }

    @Test func `It is encoded whole for stores only, and the masked form is no key`() throws {
        let secret = try Secret(text)
        #expect(String(decoding: try JSONEncoder().encode([secret]), as: UTF8.self) == #"["sk-a…wxyz"]"#)
        let encoder = JSONEncoder()
        encoder.userInfo[try #require(CodingUserInfoKey.revealsSecrets)] = true
        let stored = try encoder.encode([secret])
        #expect(try JSONDecoder().decode([Secret].self, from: stored) == [secret])
        #expect(throws: SMMFError.self) {
            try JSONDecoder().decode([Secret].self, from: JSONEncoder().encode([secret]))
        }
        // Who only looks reads it, and shows it as it came.
        let decoder = JSONDecoder()
        decoder.userInfo[try #require(CodingUserInfoKey.takesMasks)] = true
        let shown = try decoder.decode([Secret].self, from: JSONEncoder().encode([secret]))
        #expect(shown.map(\.masked) == ["sk-a…wxyz"] && shown.map(\.isMasked) == [true])
        #expect(try decoder.decode([Secret].self, from: stored) == [secret])
    }

    @Test(arguments: ["", "a b", "a\nb", "a\r\nx-evil: 1", "ключ", String(repeating: "k", count: 20_000)])
    func `What cannot stand in a header is refused by the field's name`(text: String) {
        let error = #expect(throws: SMMFError.self) { try Secret(text, field: "api_key") }
        #expect(error?.field == "api_key")
        #expect(text.isEmpty || error?.message.contains(text) == false)
    }
}
