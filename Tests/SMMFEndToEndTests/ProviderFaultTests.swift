// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFProviders
import SMMFTestFleet
import SMMFTesting
import SMMFWire
import Testing

/// Whatever a provider's answer does wrong, a client gets either all of it or an error that nobody takes for an answer, and
/// the next request is served as if nothing had been.
@Suite("Faults of providers", .serialized)
struct ProviderFaultTests {
    /// Providers of every wire, each asked by a client of its own dialect, where there is one, and of another.
    private static let names = [
        "openai", "anthropic", "gemini-native", "dashscope", "bedrock", "ollama-cloud", "minimax",
    ]

    private static let clients: [LedgerClient] = [.openAI, .anthropic]

    /// Those that end within a test; what hangs or never ends is cut off by time and by size, which others test.
    private static let faults = PlayedFault.allCases.filter { ![.hang, .endless, .drip].contains($0) }

    /// What a whole answer has, its last word among them.
    private static let words = ["Žluťoučký", "kůň", "🙂"]

    @Test("all of an answer or an error, never a part that looks whole", arguments: names)
    func faults(_ name: String) async throws {
        try await SimulatedProvider.running(name) { provider in
            let base = Providers.named(name)?.base ?? ""
            let path = base.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3).map { "/\($0)" }
                .joined()
            let configuration = """
                [[models]]
                name = "m"
                provider = "\(name)"
                source = "sim"
                base_url = "http://127.0.0.1:\(provider.port)\(path)"
                api_key = "ak:sk"
                """
            try await TestFleet.run(.inProcess, configuration: configuration) { fleet in
                try await eventually("it is served") {
                    let path = "/v1/models/m"
                    return try await fleet.plain.get(fleet.api, path: path, timeout: .seconds(5), limit: 4096).status
                        == 200
                }
                for fault in Self.faults {
                    for client in Self.clients {
                        for streams in [false, true] { try await check(fleet, client, fault, streams: streams) }
                    }
                    // The next one is unharmed.
                    let usage = try await LedgerClient.openAI.ask(fleet, "m", "#text hello", streams: false)
                    #expect(usage.completion > 0, "behind \(fault)")
                }
                #expect(try await fleet.metric("smmf_requests_in_flight") == 0)
            }
        }
    }

    private func check(
        _ fleet: TestFleet,
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
        } else {
            // A fault in what comes behind the last word may leave the answer whole, and half a document is none.
            let isDocument = streams || (try? JSONTree(text: content)) != nil
            #expect(saysError || isWhole || !isDocument, "\(what.rawValue): \(status) \(content.suffix(300))")
        }
    }
}
