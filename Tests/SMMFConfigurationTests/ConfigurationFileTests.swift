// SPDX-License-Identifier: MIT

import SMMFConfiguration
import SMMFCore
import Testing

@Suite("Configuration file")
struct ConfigurationFileTests {
    private func parse(_ text: String, _ environment: [String: String] = [:]) throws -> Configuration {
        try ConfigurationFile.parse(text, file: "smmf.toml", environment: environment)
    }

    private func refusal(_ text: String) throws -> SMMFError {
        try #require(throws: SMMFError.self) { try parse(text) }
    }

    @Test("the example is read by the strict parser and says what the defaults are")
    func example() throws {
        let configuration = try parse(ConfigurationExample.text)
        let defaults = Configuration()
        #expect(configuration.api == defaults.api && configuration.control == defaults.control)
        #expect(configuration.worker == defaults.worker && configuration.data == defaults.data)
        #expect(configuration.models.map(\.name.text) == ["demo", "assistant"])
        guard case .engine(let spec) = configuration.models[0].backend else { throw RefusedCast() }
        #expect(spec.engine == "llama.cpp" && spec.context == 1024 && spec.parallel == 4 && spec.threads == 1)
    }

    @Test("TLS on both sides")
    func security() throws {
        var configuration = try parse(
            """
            [server]
            api = "unix:/run/smmf.sock"
            [server.tls]
            certificate = "a.pem"
            key = "/k.pem"
            client_ca = "c.pem"
            [server.upstream_tls]
            ca = "u.pem"
            insecure = ["10.0.0.7:8443"]
            """
        )
        configuration.resolveTLSFiles(in: "/etc/smmf")
        #expect(
            configuration.tls
                == ListenerTLS(certificate: "/etc/smmf/a.pem", key: "/k.pem", clientCA: "/etc/smmf/c.pem")
        )
        #expect(configuration.upstreamTLS == UpstreamTLS(ca: "/etc/smmf/u.pem", insecure: ["10.0.0.7:8443"]))
        #expect(configuration.api.socket == "/run/smmf.sock")
        configuration.control = ListenAddress(socket: "/run/control.sock")
        #expect(throws: SMMFError.self) { try configuration.validateExposure() }
    }

    @Test("providers with one key, with several by shares, and with none")
    func providers() throws {
        let models = try parse(
            """
            [[models]]
            name = "best"
            provider = "openai"
            source = "gpt-5"
            api_key = "${env:KEY}"
            [[models]]
            name = "pool"
            provider = "bedrock"
            api_keys = ["${env:KEY}-a", { key = "${env:KEY}-b", weight = 3 }]
            base_url = "http://127.0.0.1:9/v1"
            options = { region = "eu-west-1" }
            [[models]]
            name = "here"
            provider = "ollama"
            """,
            ["KEY": "sk-1"]
        ).models
        let specs = models.map(\.backend)
        #expect(
            try specs == [
                .provider(ProviderSpec(provider: "openai", source: "gpt-5", keys: [ProviderKey(Secret("sk-1"))])),
                .provider(
                    ProviderSpec(
                        provider: "bedrock",
                        keys: [ProviderKey(Secret("sk-1-a")), ProviderKey(Secret("sk-1-b"), weight: 3)],
                        base: "http://127.0.0.1:9/v1",
                        options: ["region": "eu-west-1"]
                    )
                ),
                .provider(ProviderSpec(provider: "ollama")),
            ]
        )
    }

    @Test(
        "a key that cannot be one is refused by its field, and never repeated",
        arguments: [
            ("api_key = \"${env:KEY}\"", "models.api_key is wrong: The key has a space, a line break"),
            ("api_keys = [\"a\", \"${env:KEY}\"]", "models.api_keys is wrong: The key has a space, a line break"),
            ("api_keys = [{ key = \"k\", weight = 0 }]", "models.api_keys has a weight that is no number from 1"),
            ("api_keys = [{ key = \"k\", wieght = 2 }]", "models.api_keys must be a list of keys"),
            ("api_keys = \"k\"", "models.api_keys must be a list of keys"),
            ("api_key = \"k\"\napi_keys = [\"l\"]", "models.api_keys stands beside api_key"),
        ]
    )
    func wrongKeys(text: String, message: String) throws {
        let source = "[[models]]\nname = \"a\"\nprovider = \"openai\"\n\(text)\n"
        let error = try #require(throws: SMMFError.self) { try parse(source, ["KEY": "sk-hush\nx"]) }
        #expect(error.message.contains(message), "\(error.message)")
        #expect(error.message.hasPrefix("smmf.toml:"))
        #expect(!error.description.contains("hush"))
    }

    @Test("a route in order, by shares, by cost and with a place to spill over")
    func routes() throws {
        func route(_ text: String) throws -> RouteSpec? {
            let models = try parse("[[models]]\nname = \"r\"\n\(text)\n").models
            guard case .route(let spec)? = models.first?.backend else { return nil }
            return spec
        }
        let (a, b) = (try ModelName("a"), try ModelName("b"))
        #expect(try route("route = [\"a\", \"b\"]") == RouteSpec([a, b]))
        #expect(
            try route("route = [{ model = \"a\", weight = 9 }, \"b\"]")
                == RouteSpec([RouteSpec.Member(a, weight: 9), RouteSpec.Member(b)])
        )
        #expect(
            try route("route = [\"a\", \"b\"]\nprefer = \"cost\"\nspill_above = 8")
                == RouteSpec([RouteSpec.Member(a), RouteSpec.Member(b)], preference: .cost, spillAbove: 8)
        )
        for (text, message) in [
            ("route = \"a\"", "models.route must be a list"),
            ("route = [{ weight = 1 }]", "models.route must be a list"),
            ("route = [{ model = \"a\", wieght = 1 }]", "models.route must be a list"),
            ("route = [\"a b\"]", "models.route is wrong"), ("route = [\"a\"]\nprefer = \"speed\"", "must be cost"),
            ("endpoints = [\"http://h:1\"]\nspill_above = 2", "models.spill_above is unknown"),
        ] {
            let error = try refusal("[[models]]\nname = \"r\"\n\(text)\n")
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    @Test("prices of one's own")
    func prices() throws {
        let text = "[[prices]]\nprovider = \"p\"\nmodel = \"m*\"\ninput = 1\noutput = 2.5\ncached = 0.1\n"
        let price = try #require(parse(text).prices.first)
        #expect(price.provider == "p" && price.model == "m*" && price.input == 1 && price.output == 2.5)
        #expect(price.cached == 0.1 && price.cacheWritten == nil)
        for (change, message) in [
            ("input = 1\n", "prices.input is missing"), ("output = 2.5", "prices.output must be dollars"),
        ] {
            let wrong = text.replacing(change, with: change.hasPrefix("input") ? "" : "output = -1")
            #expect(try refusal(wrong).message.contains(message))
        }
    }

    @Test("an empty file is the defaults")
    func empty() throws { #expect(try parse("") == Configuration()) }

    @Test("web pages that may call are named by their origin")
    func corsOrigins() throws {
        let origins = ["https://chat.example.com", "http://localhost:3000", "http://[::1]:8080", "*"]
        let list = origins.map { "\"\($0)\"" }.joined(separator: ", ")
        #expect(try parse("[server]\ncors_origins = [\(list)]\n").corsOrigins == origins)
    }

    @Test(
        "mistakes name the line and what was probably meant",
        arguments: [
            ("[server]\napi = \"x:1\"\napy = \"y\"\n", "smmf.toml:3: server.apy is unknown", "Did you mean api?"),
            (
                "[[models]]\nname = \"a\"\nengine = \"e\"\nsource = \"s\"\n\n[[models]]\nname = \"b\"\nengin = \"e\"\n",
                "smmf.toml:7: models.name belongs to a model that needs one of engine", nil
            ),
            (
                "[[models]]\nname = \"a\"\nendpoints = [\"http://h:1\"]\npolcy = \"x\"\n",
                "smmf.toml:4: models.polcy is unknown",
                "Did you mean policy?"
            ),
            (
                "[[models]]\nname = \"a\"\nendpoints = \"http://h:1\"\n",
                "smmf.toml:3: models.endpoints must be a list", nil
            ),
            ("[[models]]\nname = \"a\"\nendpoints = [\"h:1\"]\n", "has no http:// in front", nil),
            ("[[models]]\nname = \"a b\"\nengine = \"e\"\n", "smmf.toml:2: models.name has a character", nil),
            (
                "[[models]]\nname = \"a\"\nengine = \"e\"\ncontext = \"many\"\n",
                "smmf.toml:4: models.context must be a whole", nil
            ),
            (
                "[[models]]\nname = \"a\"\nengine = \"e\"\nlimits = { memroy = 5 }\n",
                "models.limits.memroy is unknown", "Did you mean memory?"
            ),
            (
                "[[models]]\nname = \"a\"\nengine = \"e\"\nlimits = { cores = \"3-1\" }\n",
                "models.limits.cores is wrong: limits.cores is \"3-1\"", nil
            ),
            ("[server\napi = 1\n", "smmf.toml:1: this is not TOML", nil),
            (
                "[server]\ncors_origins = [\"https://a.example.com\", \"https://b.example.com/\"]\n",
                "smmf.toml:2: server.cors_origins has \"https://b.example.com/\", which is no origin", nil
            ),
            ("[server]\ncors_origins = [\"a.example.com\"]\n", "which is no origin", nil),
            ("[server]\ncors_origins = [\"https://A.example.com\"]\n", "which is no origin", nil),
            ("[server]\ncors_origins = \"*\"\n", "server.cors_origins must be a list of strings", nil),
            ("[sever]\n", "sever is unknown", "Did you mean server?"),
            ("[server]\napi = \"127.0.0.1\"\n", "server.api must be host:port", nil),
            ("[server]\napi = \"unix:x.sock\"\n", "server.api must be unix: and an absolute path", nil),
            ("[server.tls]\nkey = \"k\"\n", "server.tls.certificate is missing", nil),
            ("[server.tls]\ncertificate = \"c\"\nkey = \"k\"\nclient = \"x\"\n", "server.tls.client is", nil),
            ("[server.upstream_tls]\ninsecure = [\"https://h\"]\n", "write each as host or host:port", nil),
            (
                "[[models]]\nname = \"a\"\nengine = \"e\"\n[[models]]\nname = \"a\"\nengine = \"e\"\n",
                "smmf.toml:5: models.name is \"a\", which another", nil
            ),
        ] as [(String, String, String?)]
    )
    func mistakes(text: String, message: String, nextStep: String?) throws {
        let error = try refusal(text)
        #expect(error.code == .configuration)
        #expect(error.message.contains(message), "\(error.message)")
        if let nextStep { #expect(error.nextStep == nextStep) }
    }

    @Test("limits are read in each of their forms")
    func limits() throws {
        let forms = [
            ("memory = 4096, niceness = 5", ResourceLimits(memory: 4096, niceness: 5)),
            ("cores = 2, devices = 1", ResourceLimits(cores: .count(2), devices: .count(1))),
            ("cores = \"0-1,3\"", ResourceLimits(cores: .list([0, 1, 3]))),
            ("devices = [0, \"GPU-1\"]", ResourceLimits(devices: .list(["0", "GPU-1"]))),
        ]
        for (text, limits) in forms {
            let model = try parse("[[models]]\nname = \"a\"\nengine = \"e\"\nlimits = { \(text) }\n").models.first
            guard case .engine(let spec) = model?.backend else {
                Issue.record("\(text)")
                continue
            }
            #expect(spec.limits == limits)
        }
    }

    @Test("strings take environment variables, with defaults, and a missing one is an error")
    func environment() throws {
        let text = "[server]\ntoken = \"${env:T}\"\ndata = \"/x/${env:D:-y}/z\"\n"
        let configuration = try parse(text, ["T": "secret"])
        #expect(configuration.token == "secret" && configuration.data == "/x/y/z")
        let error = try refusal(text)
        #expect(error.field == "T")
    }

    @Test("the environment overrides the file")
    func overrides() throws {
        var configuration = try parse("[server]\napi = \"127.0.0.1:1\"\n")
        try configuration.override(with: ["SMMF_API": "127.0.0.1:2", "SMMF_DATA": "~/x"])
        configuration.expandHome(["HOME": "/home/u"])
        #expect(configuration.api.port == 2 && configuration.data == "/home/u/x")
    }

    @Test("an address that other machines reach needs a token")
    func exposure() throws {
        var configuration = Configuration()
        configuration.control = ListenAddress(host: "0.0.0.0", port: 8000)
        let error = try #require(throws: SMMFError.self) { try configuration.validateExposure() }
        #expect(error.field == "server.control")
        configuration.token = "x"
        try configuration.validateExposure()
        // The API server asks for keys beyond this machine, so it may listen there without a token of its own.
        configuration.api = ListenAddress(host: "0.0.0.0", port: 8100)
        try configuration.validateExposure()
    }

    @Test("the access log is off until it is named")
    func accessLog() throws {
        #expect(try parse("").accessLog == nil)
        var configuration = try parse("[server]\naccess_log = { path = \"~/a.jsonl\", sample = 0.25 }\n")
        #expect(configuration.accessLog?.sample == 0.25)
        configuration.expandHome(["HOME": "/h"])
        #expect(configuration.accessLog?.path == "/h/a.jsonl")
        #expect(try parse("[server]\naccess_log = { path = \"-\", sample = 1 }\n").accessLog == .init(path: "-"))
        for wrong in [
            "{ sample = 1 }", "{ path = \"\" }", "{ path = \"a\", sample = 0 }", "{ path = \"a\", sample = 1.5 }",
            "{ path = \"a\", sample = \"x\" }", "{ path = \"a\", rate = 1 }", "\"a\"",
        ] {
            let error = try #require(throws: SMMFError.self) { try parse("[server]\naccess_log = \(wrong)\n") }
            #expect(error.field?.hasPrefix("server.access_log") == true, "\(wrong)")
        }
    }

    @Test("relative files become absolute, repositories do not")
    func sources() throws {
        var configuration = try parse(
            "[[models]]\nname = \"a\"\nengine = \"e\"\nsource = \"m/x.gguf\"\n"
                + "[[models]]\nname = \"b\"\nengine = \"e\"\nsource = \"Qwen/Qwen3-8B\"\n"
        )
        configuration.resolveSources(in: "/w")
        let sources = configuration.models.compactMap { model -> String? in
            if case .engine(let spec) = model.backend { spec.source } else { nil }
        }
        #expect(sources == ["/w/m/x.gguf", "Qwen/Qwen3-8B"])
    }

    private struct RefusedCast: Error {}
}
