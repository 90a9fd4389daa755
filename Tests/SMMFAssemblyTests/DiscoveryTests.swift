// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFProviders
import SMMFTesting
import Testing

@testable import SMMFAssembly

@Suite("Discovery")
struct DiscoveryTests {
    private func spec(_ model: Deployment) throws -> ProviderSpec {
        guard case .provider(let spec) = model.backend else { throw SMMFError(.internal, "no provider") }
        return spec
    }

    @Test("keys in their usual variables give the models that are known, under the provider's name")
    func keys() throws {
        let findings = Discovery.providers([
            "OPENAI_API_KEY": "sk-1", "GEMINI_API_KEY": "g", "AZURE_OPENAI_API_KEY": "a", "TOGETHER_API_KEY": "t",
            "MISTRAL_API_KEY": "", "GROQ_API_KEY": "sk-hush\n", "PATH": "/bin",
        ])
        #expect(
            findings.map(\.title) == [
                "OPENAI_API_KEY for OpenAI", "AZURE_OPENAI_API_KEY for Azure OpenAI",
                "GEMINI_API_KEY for Google Gemini",
                "GROQ_API_KEY for Groq", "TOGETHER_API_KEY for Together",
            ]
        )
        let models = findings.flatMap(\.models)
        let mini = try #require(models.first { $0.name.text == "openai/gpt-4o-mini" })
        #expect(try spec(mini).source == "gpt-4o-mini" && spec(mini).keys == [ProviderKey(Secret("sk-1"))])
        #expect(models.allSatisfy { $0.name.text.hasPrefix("openai/") || $0.name.text.hasPrefix("gemini/") })
        #expect(findings[1].nextStep?.contains("--option resource=") == true)
        #expect(findings[4].nextStep?.contains("smmf model deploy") == true)
        #expect(findings[3].nextStep?.contains("line break") == true)
        #expect(findings.allSatisfy { $0.nextStep?.contains("hush") != true })
        for (index, model) in models.enumerated() {
            try model.validate(
                engines: [],
                providers: Plugins.providers,
                policies: Plugins.policies.map(\.name),
                others: Array(models[..<index])
            )
        }
    }

    @Test("servers of this machine are asked for their models and for nothing else")
    func servers() async throws {
        var script = SimulatorScript()
        script.models = ["qwen3:0.6b", "nomic-embed-text"]
        script.recorded = 10
        let first = try await SimulatedEngine.start(script)
        let second = try await SimulatedEngine.start(script)
        let ports = [first.port, try FreePort.next(), second.port]
        let candidates = try zip(["ollama", "vllm", "lm-studio"], ports).map { name, port in
            Discovery.Candidate(
                provider: try #require(Providers.named(name)),
                endpoint: Endpoint(host: "127.0.0.1", port: port)
            )
        }
        let search = Discovery(
            http: PlainHTTP(http: SharedHTTP()),
            environment: ["OPENAI_API_KEY": "sk-1"],
            candidates: candidates
        )
        let findings = await search.run()
        #expect(findings.count == 3)
        #expect(findings[0].models.map(\.name.text) == ["qwen3:0.6b", "nomic-embed-text"])
        #expect(findings[0].models.map(\.kind) == [.language, .embedding])
        #expect(findings[1].models.map(\.name.text) == ["lm-studio/qwen3:0.6b", "lm-studio/nomic-embed-text"])
        #expect(try spec(findings[1].models[0]).base == "http://127.0.0.1:\(second.port)")
        #expect(first.requests.allSatisfy { !$0.text.contains("sk-1") })
        await first.stop()
        await second.stop()
    }

    @Test("a file's name loses its folders, and names that cannot be one are left out")
    func names() throws {
        let provider = try #require(Providers.named("llama-server"))
        let candidate = Discovery.Candidate(provider: provider, endpoint: Endpoint(host: "127.0.0.1", port: 8080))
        let found = Discovery.finding(candidate, ["/models/a b.gguf", "/models/tiny.gguf", "x"], taken: [])
        #expect(found.models.map(\.name.text) == ["tiny", "x"])
        #expect(try spec(found.models[0]).source == "/models/tiny.gguf" && spec(found.models[0]).base == nil)
        #expect(found.title == "llama.cpp's server at 127.0.0.1:8080")
    }
}
