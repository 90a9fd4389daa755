// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

@Suite struct RerankTests {
    private static let request = RerankRequest(model: "m", query: "q", documents: ["a", "b", "c"])

    @Test func jinaInFrontOfTEI() throws {
        let body = try JSONTree(
            text: "{\"model\":\"m\",\"query\":\"q\",\"documents\":[\"a\",{\"text\":\"b\"},\"c\"],\"top_n\":2,"
                + "\"return_documents\":true,\"truncate\":true,\"user\":\"u\"}"
        )
        let request = try JinaRerank().readRequest(ClientInput(body: body))
        let sent = try TEIRerank().writeRequest(request)
        #expect(sent.path == "/rerank")
        #expect(sent.body.text == "{\"query\":\"q\",\"texts\":[\"a\",\"b\",\"c\"],\"truncate\":true}")
        let came = try JSONTree(
            text: "[{\"index\":1,\"score\":0.5},{\"index\":0,\"score\":0.25},{\"index\":2,\"score\":0.75}]"
        )
        let answer = try TEIRerank().readAnswer(came, to: request)
        #expect(
            try JinaRerank().writeAnswer(answer, to: request).text
                == "{\"model\":\"m\",\"results\":[{\"index\":2,\"relevance_score\":0.75,\"document\":{\"text\":\"c\"}},"
                + "{\"index\":1,\"relevance_score\":0.5,\"document\":{\"text\":\"b\"}}],"
                + "\"usage\":{\"prompt_tokens\":0,\"total_tokens\":0}}"
        )
    }

    @Test func relevanceInFrontOfJina() throws {
        let body = try JSONTree(text: "{\"model\":\"m\",\"query\":\"q\",\"documents\":[\"a\",\"b\"]}")
        let request = try RelevanceRerank().readRequest(ClientInput(body: body))
        let sent = try JinaRerank().writeRequest(request)
        #expect(sent.path == "/v1/rerank")
        #expect(
            sent.body.text == "{\"model\":\"m\",\"query\":\"q\",\"documents\":[\"a\",\"b\"],\"return_documents\":false}"
        )
        let came = try JSONTree(
            text: "{\"id\":\"r\",\"model\":\"m\",\"usage\":{\"total_tokens\":9},\"results\":"
                + "[{\"index\":1,\"relevance_score\":0.5},{\"index\":0,\"relevance_score\":-1}]}"
        )
        let answer = try JinaRerank().readAnswer(came, to: request)
        #expect(
            try RelevanceRerank().writeAnswer(answer, to: request).text
                == "{\"object\":\"list\",\"model\":\"m\",\"data\":[-1,0.5],"
                + "\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9,\"completion_tokens\":0}}"
        )
    }

    @Test(arguments: RerankDialects.all.indices)
    func everyDialectReadsWhatItWrites(_ index: Int) throws {
        let dialect = RerankDialects.all[index]
        let request = Self.request
        let sent = try dialect.writeRequest(request)
        var read = try dialect.readRequest(ClientInput(path: sent.path, body: JSONTree(sent.body)))
        if read.model.isEmpty { read.model = request.model }
        #expect(read == request)
        let results = [2, 0, 1].map { RerankAnswer.Result(index: $0, score: Double($0) - 1.25) }
        let answer = try RerankAnswer(results: results, documents: 3)
        let written = try dialect.writeAnswer(answer, to: request)
        #expect(try dialect.readAnswer(written, to: request).best(nil) == answer.best(nil))
        #expect(try dialect.writeAnswer(answer, to: request).bytes == written.bytes)
    }

    @Test(arguments: RerankDialects.all.indices)
    func anythingElseIsRefused(_ index: Int) throws {
        let dialect = RerankDialects.all[index]
        for text in [
            "[]", "{}", "null", "{\"model\":1}", "{\"model\":\"m\",\"query\":\"q\",\"documents\":[1],\"texts\":[1]}",
        ] {
            let body = try JSONTree(text: text)
            #expect(throws: TranslationRefusal.self) { try dialect.readRequest(ClientInput(body: body)) }
        }
        for text in [
            "{}", "3", "[1]", "{\"results\":[{}]}", "{\"results\":[{\"index\":3,\"relevance_score\":1}]}",
            "[{\"index\":0,\"score\":1},{\"index\":0,\"score\":1}]", "{\"data\":[1,2,3,4]}", "{\"data\":[\"x\"]}",
        ] {
            let body = try JSONTree(text: text)
            #expect(throws: NeutralError.self) { try dialect.readAnswer(body, to: Self.request) }
        }
    }
}
