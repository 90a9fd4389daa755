// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTesting
import SMMFWire
import Testing

/// Requests and answers that change their words on the way, byte by byte and on both transports.
@Suite struct TranslationTests {
    private let path = "/v1/rerank"
    private let body = #"{"model":"r","query":"q","documents":["a","b"],"top_n":1}"#

    @Test func `A request and its answer are said in the other's words`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("r", [upstream.port], kind: .rerank, dialect: .tei)
            let client = try await relay.connect()
            for _ in 0..<2 {
                try await client.post(path, body, fields: "X-Secret: of the client's\r\n")
                let asked = try await upstream.next()
                #expect(asked.head.hasPrefix("POST /rerank HTTP/1.1\r\n"))
                #expect(!asked.head.contains("of the client's"))
                #expect(asked.body == #"{"query":"q","texts":["a","b"]}"#)
                // The answer comes in pieces, in chunks.
                asked.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                asked.send("c\r\n[{\"index\":1,\r\n")
                asked.send("26\r\n\"score\":0.9},{\"index\":0,\"score\":0.25}]\r\n0\r\n\r\n")
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.content.contains(#""results":[{"index":1,"relevance_score":0.9}]"#))
                #expect(answer.content.contains(#""model":"r""#))
            }
            #expect(upstream.connectionCount <= 2)
            try await relay.settle()
        }
    }

    @Test func `What the client has to change is told to it, and what another instance can do goes there`() async throws
    {
        let refusing = try await ScriptedUpstream {
            $0.send(
                UpstreamExchange.json(
                    #"{"error":"batch size 2 > 1","error_type":"Validation"}"#,
                    status: "413 Too Large"
                )
            )
        }
        let full = try await ScriptedUpstream { $0.send(UpstreamExchange.json("{}", status: "429 Too Many")) }
        let broken = try await ScriptedUpstream { $0.send(UpstreamExchange.json("[{]")) }
        let closing = try await ScriptedUpstream { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[")
            exchange.close()
        }
        let good = try await ScriptedUpstream { $0.send(UpstreamExchange.json(#"[{"index":0,"score":1}]"#)) }
        try await withRelay { relay in
            let client = try await relay.connect()
            try await relay.publish("r", [refusing.port, good.port], kind: .rerank, dialect: .tei)
            try await client.post(path, body)
            let refused = try await client.answer()
            #expect(refused.status == 400)
            #expect(refused.content.contains("batch size 2 > 1"))
            try await relay.publish(
                "r",
                [full.port, broken.port, closing.port, good.port],
                kind: .rerank,
                dialect: .tei
            )
            try await client.post(path, body)
            #expect(try await client.answer().status == 200)
            #expect(await relay.traffic(of: "r").retries == 3)
            try await client.post(path, #"{"model":"r","query":"q","documents":[1]}"#)
            let wrong = try await client.answer()
            #expect(wrong.status == 400)
            #expect(wrong.content.contains(#""param":"documents[0]""#))
            try await client.post("/v1/embeddings", #"{"model":"r","input":"x"}"#)
            #expect(try await client.answer().status == 400)
            try await relay.settle()
        }
    }

    @Test func `A client that leaves ends the instance's work`() async throws {
        let upstream = try await ScriptedUpstream()
        try await withRelay { relay in
            try await relay.publish("r", [upstream.port], kind: .rerank, dialect: .tei)
            let client = try await relay.connect()
            try await client.post(path, body)
            let asked = try await upstream.next()
            asked.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[{")
            try await client.close()
            try await asked.closed()
            try await relay.settle()
        }
    }
}
