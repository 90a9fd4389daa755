// SPDX-License-Identifier: MIT

import SMMFAssembly
import SMMFControlHTTP
import SMMFCore
import SMMFProviders
import SMMFTesting
import Testing

/// The one call that tries a provider, against every provider that is played.
@Suite("Trying providers that are played")
struct ProviderCheckTests {
    /// Those whose chats are played. Wenxin is asked with a signature, which the one that is played does not take.
    private static let names = Providers.all.map(\.name).filter { name in
        PlayedProvider.named(name) != nil && !["jina", "voyage", "wenxin"].contains(name)
    }

    private static let good = "ak:sk-0123456789abcdef"
    private static let bad = "ak:sk-hush-9876543210"

    /// The address of the provider that is played with the path of the real one's, unless that has places for options.
    private func spec(_ played: SimulatedProvider) -> ProviderSpec {
        let base = Providers.named(played.provider.name)?.base ?? ""
        var spec = ProviderSpec(provider: played.provider.name)
        spec.base = played.baseURL
        if !base.contains("/{"), !base.contains("={") {
            let path = base.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3).map { "/\($0)" }
            spec.base = "http://127.0.0.1:\(played.port)" + path.joined()
        }
        return spec
    }

    private let check = ProviderCheck(http: PlainHTTP(http: SharedHTTP()), environment: [:])

    @Test("a good key works and a bad one does not", arguments: names)
    func keys(_ name: String) async throws {
        let provider = try #require(Providers.named(name))
        try await SimulatedProvider.running(name, keys: [Self.good]) { played in
            let works = try await check.run(provider, spec(played), model: "sim", key: Secret(Self.good))
            #expect(works.verdict.outcome == .works, "\(works.verdict)")
            #expect(works.verdict.message.contains("tokens in and"), "\(works.verdict)")
            guard !provider.isKeyless else { return }
            let refused = try await check.run(provider, spec(played), model: "sim", key: Secret(Self.bad))
            #expect([.badKey, .denied].contains(refused.verdict.outcome), "\(refused.verdict)")
            #expect(!"\(refused.verdict)".contains("hush"))
        }
    }

    @Test(
        "a server of one's own is asked for its first model",
        arguments: ["ollama", "vllm", "llama-server", "lm-studio"]
    )
    func listed(_ name: String) async throws {
        let provider = try #require(Providers.named(name))
        try await SimulatedProvider.running(name) { played in
            let result = try await check.run(provider, spec(played), model: nil, key: nil)
            #expect(result.verdict.outcome == .works, "\(result.verdict)")
            #expect(result.model?.isEmpty == false)
        }
    }
}
