// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import SMMFWire
import Testing

/// Whatever a provider's answer does wrong, a client gets either all of it or an error that nobody takes for an answer, and
/// the next request is served as if nothing had been.
@Suite("Faults of providers", .serialized)
struct ProviderFaultTests {
    /// Providers of every wire, and the client that speaks a provider's own words, whose whole answers pass as they are.
    private static let names: [String: LedgerClient] = [
        "openai": .openAI, "minimax": .openAI, "anthropic": .anthropic,
    ]
    private static let translated = ["gemini-native", "dashscope", "bedrock", "ollama-cloud"]

    private static let clients: [LedgerClient] = [.openAI, .anthropic]

    /// Those that end within a test; what hangs or never ends is cut off by time and by size, which others test.
    private static let faults = PlayedFault.allCases.filter { ![.hang, .endless, .drip].contains($0) }

    /// What a whole answer has, its last word among them.
    private static let words = ["Žluťoučký", "kůň", "🙂"]

    @Test("all of an answer or an error, never a part that looks whole", arguments: names.keys.sorted() + translated)
    func faults(_ name: String) async throws {
        try await PlayedFleet.run(name) { fleet, _ in
            for fault in Self.faults {
                for client in Self.clients {
                    for streams in [false, true] { try await check(fleet, name, client, fault, streams: streams) }
                }
                // The next one is unharmed.
                let usage = try await LedgerClient.openAI.ask(fleet, "m", "#text hello", streams: false)
                #expect(usage.completion > 0, "behind \(fault)")
            }
            #expect(try await fleet.metric("smmf_requests_in_flight") == 0)
        }
    }

    private func check(
        _ fleet: TestFleet,
        _ provider: String,
        _ client: LedgerClient,
        _ fault: PlayedFault,
        streams: Bool
    ) async throws {
        let (path, body) = client.request("m", "#text hello #fault:\(fault.rawValue)", streams)
        let what: Comment = "\(client.name), \(fault.rawValue), \(streams ? "stream" : "whole")"
        let content: String
        let status: Int
        do {
            let answer = try await fleet.plain.post(
                fleet.api,
                path: path,
                json: try ControlJSON.decode(JSONValue.self, from: body.bytes),
                timeout: .seconds(30),
                limit: 64 << 20
            )
            (status, content) = (answer.status, String(decoding: answer.body, as: UTF8.self))
        } catch {
            // The connection broke before the answer's end: nobody takes that for a proper one.
            #expect(!fault.isHarmless, what)
            return
        }
        let isWhole = Self.words.allSatisfy { content.contains($0) }
        let saysError = status >= 400 || content.contains("\"error\"")
        if fault.isHarmless {
            #expect(status == 200 && isWhole && !saysError, what)
            if streams { #expect(content.contains(client.name == "openai" ? "[DONE]" : "message_stop"), what) }
        } else {
            // A fault in what comes behind the last word may leave the answer whole. Half a document that passes as it is
            // is none to its reader; what was translated is one.
            let passes = Self.names[provider]?.name == client.name && !streams
            let isRefused = passes && (try? JSONTree(text: content)) == nil
            #expect(saysError || isWhole || isRefused, "\(what.rawValue): \(status) \(content.suffix(300))")
        }
    }
}
