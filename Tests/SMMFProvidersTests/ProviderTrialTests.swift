// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFProviders
import SMMFWire
import Testing

@Suite("Trying a provider")
struct ProviderTrialTests {
    private func provider(_ name: String) throws -> Provider { try #require(Providers.named(name)) }

    @Test("every provider can be asked for one token with its key", arguments: Providers.all.map(\.name))
    func requests(_ name: String) throws {
        let provider = try provider(name)
        let endpoint = Endpoint(host: "h", port: 443, isTLS: true)
        let request = try ProviderTrial(provider, model: "m").request(endpoint, key: "sk-1", time: 0)
        #expect(request.path == provider.path(of: "chat", model: "m"))
        #expect(String(decoding: request.fields, as: UTF8.self).contains("sk-1"))
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(body.contains(":1") && body.utf8.count < 300, "\(body)")
        #expect(!body.contains("sk-1"))
        #expect(provider.isKeyless == (provider.keyPage == nil), "\(name) needs a page for keys")
    }

    @Test("models that are known by name are good names, and the prices' own")
    func models() throws {
        for provider in Providers.all {
            let names = provider.knownModels
            #expect(Set(names).count == names.count)
            for name in names { #expect(ModelName.isValid("\(provider.name)/\(name)"), "\(name)") }
        }
        #expect(try provider("openai").knownModels.contains("gpt-4o"))
        #expect(try !provider("openai").knownModels.contains { $0.contains("embedding") || $0.contains("codex") })
        #expect(try provider("anthropic").trialModel == "claude-haiku-4-5")
        #expect(try provider("together").trialModel == nil)
    }

    @Test(
        "an answer is said in one line",
        arguments: [
            (
                "openai", 200,
                #"{"id":"a","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"H"},"finish_reason":"length"}],"usage":{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9}}"#,
                ProviderVerdict.Outcome.works, "m answered in 12 ms, 8 tokens in and 1 out"
            ),
            (
                "anthropic", 200,
                #"{"id":"a","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"H"}],"stop_reason":"max_tokens","usage":{"input_tokens":8,"output_tokens":1}}"#,
                .works, "8 tokens in and 1 out"
            ),
            (
                "openai", 400,
                #"{"error":{"message":"Could not finish the message because max_tokens or model output limit was reached.","type":"invalid_request_error"}}"#,
                .works, "works"
            ),
            (
                "openai", 401, #"{"error":{"message":"Incorrect API key\nprovided","code":"invalid_api_key"}}"#,
                .badKey,
                "Incorrect API key provided"
            ),
            (
                "openai", 429, #"{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}"#,
                .noMoney,
                "no money or quota"
            ),
            (
                "openai", 429, #"{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}"#, .limited,
                "key works"
            ),
            (
                "openai", 403,
                #"{"error":{"message":"Country, region, or territory not supported","code":"unsupported_country_region_territory"}}"#,
                .region, "from here"
            ),
            (
                "gemini-native", 400,
                #"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
                .region, "from here"
            ),
            ("openai", 404, #"{"error":{"message":"no","code":"model_not_found"}}"#, .noModel, "no model m"),
            ("openai", 403, #"{"error":{"message":"no"}}"#, .denied, "may not"),
            ("openai", 400, #"{"error":{"message":"bad"}}"#, .refused, "bad"),
            ("openai", 503, "", .down, "status 503"),
            ("openai", 200, "<html>hello</html>", .down, "cannot be understood"),
            ("minimax", 200, #"{"base_resp":{"status_code":1004,"status_msg":"bad key"}}"#, .badKey, "bad key"),
        ]
    )
    func verdicts(
        _ name: String,
        _ status: Int,
        _ body: String,
        _ outcome: ProviderVerdict.Outcome,
        _ text: String
    ) throws {
        let trial = ProviderTrial(try provider(name), model: "m")
        let head = AnswerHead(status: status, contentType: "application/json")
        let verdict = trial.judge(head, Array(body.utf8), milliseconds: 12)
        #expect(verdict.outcome == outcome, "\(verdict)")
        #expect(verdict.message.contains(text), "\(verdict)")
        #expect(!verdict.message.contains("\n"))
        if outcome == .badKey, name == "openai" { #expect(verdict.nextStep?.contains("platform.openai.com") == true) }
    }

    @Test(
        "lists are read in the forms that there are",
        arguments: [
            (#"{"object":"list","data":[{"id":"a"},{"id":"b"}]}"#, ["a", "b"]),
            (#"{"models":[{"name":"models/g"},{"name":""}]}"#, ["g"]), (#"[{"id":"t"}]"#, ["t"]), ("<html>", []),
            ("{}", []),
        ]
    )
    func lists(_ text: String, _ names: [String]) { #expect(Provider.models(in: Array(text.utf8)) == names) }

    @Test("lists are where the chat API is")
    func listings() throws {
        let paths = try ["openai", "zhipu", "anthropic", "ollama", "bedrock", "azure-deployments", "gemini"].map {
            try provider($0).listing
        }
        #expect(paths == ["/v1/models", "/models", "/v1/models?limit=100", "/v1/models", nil, nil, "/models"])
    }
}
