// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct EmbeddingTests {
    private static let vectors: [[Float]] = [[0.5, -1.25, 3e-8], [0, 1, 16_777_216]]

    @Test func base64IsReadAndWritten() {
        let vectors: [(String, String)] = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ]
        for (plain, text) in vectors {
            #expect(Base64.text([UInt8](plain)) == text)
            #expect(Base64.bytes(text) == [UInt8](plain))
            #expect(Base64.bytes(text.filter { $0 != "=" }) == [UInt8](plain))
        }
        #expect(Base64.urlText([0xFB, 0xFF]) == "-_8")
        for text in ["Z", "Zg=", "Zg===", "Z=g=", "Zm9v=", "Zm9v Zm9v", "\u{e4}"] { #expect(Base64.bytes(text) == nil) }
    }

    @Test(arguments: EmbeddingDialects.all.indices)
    func everyDialectReadsWhatItWrites(_ index: Int) throws {
        let dialect = EmbeddingDialects.all[index]
        for isSingle in [true, false] where !(isSingle && dialect.name == "cohere") {
            let texts = isSingle ? ["a"] : ["a", "b"]
            let request = EmbeddingRequest(
                model: "m",
                inputs: texts.map { .text($0) },
                isSingle: isSingle,
                dimensions: 3,
                purpose: dialect.name == "gemini" || dialect.name == "cohere" ? .document : nil
            )
            let sent = try dialect.writeRequest(request)
            #expect(try dialect.readRequest(ClientInput(path: sent.path, body: JSONTree(sent.body))) == request)
            let vectors = Array(Self.vectors.prefix(texts.count))
            let answer = try EmbeddingAnswer(vectors: vectors, inputs: texts.count, usage: TokenUsage(prompt: 4))
            let written = try dialect.writeAnswer(answer, to: request)
            #expect(try dialect.readAnswer(JSONTree(written.bytes), to: request).vectors == vectors)
        }
    }

    @Test func theOfficialClientAsksForBase64() throws {
        let body = try JSONTree(text: "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"encoding_format\":\"base64\"}")
        let request = try OpenAIEmbedding().readRequest(ClientInput(body: body))
        #expect(
            try OllamaEmbedding().writeRequest(request).body.text == "{\"model\":\"m\",\"input\":[\"a\",\"b\"]}"
        )
        let came = try JSONTree(text: "{\"model\":\"m\",\"embeddings\":[[1,-2],[0.5,0]],\"prompt_eval_count\":4}")
        let answer = try OllamaEmbedding().readAnswer(came, to: request)
        let written = try OpenAIEmbedding().writeAnswer(answer, to: request)
        #expect(written["data"]?[0]?["embedding"]?.string == "AACAPwAAAMA=")
        #expect(written["usage"]?.text == "{\"prompt_tokens\":4,\"total_tokens\":4}")
        #expect(try OpenAIEmbedding().readAnswer(written, to: request).vectors == answer.vectors)
    }

    @Test func vectorsGoToTheirPlaces() throws {
        let request = EmbeddingRequest(model: "m", inputs: [.text("a"), .text("b")])
        let came = "{\"data\":[{\"index\":1,\"embedding\":[2]},{\"index\":0,\"embedding\":[1]}]}"
        #expect(try OpenAIEmbedding().readAnswer(JSONTree(text: came), to: request).vectors == [[1], [2]])
        for text in [
            "{\"data\":[{\"index\":1,\"embedding\":[2]}]}", "{\"data\":[{\"index\":2,\"embedding\":[2]}]}", "{}",
            "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
            "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[null]}]}",
        ] {
            #expect(throws: NeutralError.self) { try OpenAIEmbedding().readAnswer(JSONTree(text: text), to: request) }
        }
    }

    @Test func tokensAreOnlyForThoseWhoTakeThem() throws {
        let request = try OpenAIEmbedding().readRequest(
            ClientInput(body: ["model": "m", "input": [[1, 2], [3]]])
        )
        #expect(request.inputs == [.tokens([1, 2]), .tokens([3])])
        #expect(
            throws: TranslationRefusal(
                "The field `input[0]` holds tokens; this model's backend takes only texts.",
                field: "input[0]"
            )
        ) {
            try GeminiEmbedding().writeRequest(request)
        }
    }
}
