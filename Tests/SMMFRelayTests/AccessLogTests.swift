// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import SMMFWire
import Testing

@testable import SMMFRelay

@Suite struct AccessLogTests {
    @Test func timesAreOfTheCalendar() {
        var calendar = WallTime()
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.007Z"), (951_782_400, "2000-02-29T00:00:00.007Z"),
            (1_709_251_199, "2024-02-29T23:59:59.007Z"), (1_709_251_200, "2024-03-01T00:00:00.007Z"),
            (4_102_444_799, "2099-12-31T23:59:59.007Z"), (4_107_542_400, "2100-03-01T00:00:00.007Z"),
        ] {
            var bytes: [UInt8] = []
            bytes.append(addingCapacity: 24) {
                calendar.append(Int64(seconds) * 1_000_000_000 + 7_000_000, to: &$0)
            }
            #expect(String(decoding: bytes, as: UTF8.self) == text)
        }
    }

    @Test func aLineHasWhatIsKnown() {
        var record = AccessRecord(
            time: 0,
            id: RequestID(0, 1),
            client: "::1",
            method: "POST",
            path: "/v1/\"\n" + String(repeating: "x", count: 400),
            status: 200,
            outcome: .completed,
            bytesIn: 1,
            bytesOut: 2,
            total: 1_234_567
        )
        record.model = "m"
        record.instance = "i"
        record.usage = SettledUsage(TokenUsage(prompt: 3, completion: 4), isEstimated: true)
        record.attempts = 2
        record.timing = AccessRecord.Timing(queue: 5_000, connect: 0, firstByte: 999_999_999)
        record.sample = 0.5
        var bytes: [UInt8] = []
        var calendar = WallTime()
        record.append(to: &bytes, &calendar)
        let path = #"/v1/\"\n"# + String(repeating: "x", count: 250)
        let expected =
            #"{"time":"1970-01-01T00:00:00.000Z","id":"00000000000000000000000000000001","client":"::1","#
            + #""method":"POST","path":"\#(path)","model":"m","instance":"i","status":200,"outcome":"completed","#
            + #""bytes_in":1,"bytes_out":2,"prompt_tokens":3,"completion_tokens":4,"cached_tokens":0,"#
            + #""reasoning_tokens":0,"estimated":true,"attempts":2,"queue_ms":0.005,"connect_ms":0.000,"#
            + #""first_byte_ms":999.999,"total_ms":1.234,"sample":0.5}"# + "\n"
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func everyRequestGetsALine() async throws {
        let log = AccessLog(sample: 1) {}
        let upstream = try await ScriptedUpstream()
        try await withRelay(accessLog: log) { relay in
            try await relay.publish([upstream.port])
            let client = try await relay.connect()
            try await client.chat(fields: "Authorization: Bearer secret\r\nX-Request-Id: mine\r\n")
            let body = #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#
            try await upstream.next().send(UpstreamExchange.json(body))
            #expect(try await client.answer().status == 200)
            try await client.chat(model: "nobody")
            #expect(try await client.answer().status == 404)
            try await client.send("GET /health?token=secret HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().status == 200)
            try await relay.publish([])
            try await client.chat()
            #expect(try await client.answer().status == 503)
            try await relay.publish([upstream.port])
            try await client.chat(stream: true)
            let exchange = try await upstream.next()
            try await client.close()
            try await exchange.closed()
            try await relay.settle()
            await relay.server.drain(deadline: .zero)
            let text = log.take().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            let lines = text.split(separator: "\n")
            #expect(lines.count == 5)
            guard lines.count == 5 else { return }
            #expect(!text.contains("secret") && !text.contains("content"))
            #expect(lines.allSatisfy { $0.contains(#""client":"127.0.0.1""#) })
            #expect(lines[0].contains(#""id":"mine""#) && lines[0].contains(#""path":"/v1/chat/completions""#))
            #expect(lines[0].contains(#""model":"m","instance":"i0","status":200,"outcome":"completed""#))
            #expect(lines[0].contains(#""prompt_tokens":3,"completion_tokens":4"#))
            #expect(lines[0].contains(#""attempts":1"#))
            #expect(lines[1].contains(#""status":404,"outcome":"rejected""#) && !lines[1].contains(#""bytes_out":0"#))
            #expect(lines[2].contains(#""method":"GET","path":"/health","status":200,"outcome":"local""#))
            #expect(lines[3].contains(#""status":503,"outcome":"failed""#) && !lines[3].contains(#""bytes_out":0"#))
            #expect(lines[4].contains(#""status":499,"outcome":"cancelled""#))
            #expect(lines[4].contains(#""estimated":true"#))
        }
    }

    @Test func whatNobodyFetchesIsDroppedAndCounted() {
        let log = AccessLog(sample: 1) {}
        let batch = AccessLog.Batch(bytes: Array(repeating: 10, count: AccessLog.waitingLimit / 2), lines: 7)
        for _ in 0..<3 { log.put(batch) }
        #expect(log.counts == AccessLog.Counts(written: 0, dropped: 7))
        #expect(log.take().count == 2 && log.take().isEmpty)
        log.put(batch)
        log.finish(batch, dropped: 2)
        #expect(log.counts == AccessLog.Counts(written: 5, dropped: 9))
    }

    @Test func aSampleIsAPartOfAll() {
        var random = SeededGenerator(seed: 5)
        for (sample, range) in [(0.25, 2300...2700), (1, 10_000...10_000), (0, 0...0)] {
            let buffer = AccessLogBuffer(AccessLog(sample: sample) {})
            #expect(range.contains((0..<10_000).count { _ in buffer.includes(random.next()) }))
        }
    }
}
