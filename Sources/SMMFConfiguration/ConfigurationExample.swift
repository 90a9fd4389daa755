// SPDX-License-Identifier: MIT

/// The example that `smmf config example` prints: every option once, with its default or a likely value.
public enum ConfigurationExample {
    /// The text; a test reads it back with the strict parser.
    public static let text = """
        # SMMF's configuration. Environment variables (SMMF_API, SMMF_CONTROL, SMMF_WORKER, SMMF_DATA, SMMF_TOKEN,
        # SMMF_LOG_LEVEL) and flags override it. Strings may say ${env:NAME} or ${env:NAME:-default}.

        [server]
        api = "127.0.0.1:8100"            # where applications call; or "unix:/run/smmf.sock"
        control = "127.0.0.1:8000"        # the controller; workers and API servers of other processes find it here
        worker = "127.0.0.1:8001"         # the worker
        data = "~/.local/share/smmf"      # desired state, engines' environments and logs
        # token = "${env:SMMF_TOKEN}"     # the control plane's secret; needed to listen beyond this machine
        # access_log = { path = "access.jsonl", sample = 1.0 }   # a line of JSON for each request; "-" is the output
        # memory_budget = 16384           # megabytes for the models with unload_after, on this worker
        log_level = "notice"
        cors_origins = []                 # web pages that may call, like ["https://chat.example.com"] or ["*"]

        # [server.tls]                    # the API server speaks TLS, HTTP/1.1 and HTTP/2; new files are taken up
        # certificate = "server.pem"      # with the certificates that lead to its authority behind it
        # key = "server.key"
        # client_ca = "clients.pem"       # clients must show a certificate of this authority

        # [server.upstream_tls]           # for endpoints with https://; the system's authorities are believed
        # ca = "engines-ca.pem"           # and this one
        # insecure = ["10.0.0.7:8443"]    # hosts whose certificates are not verified

        # A program to use for an engine before PATH is searched.
        # [engines."llama.cpp"]
        # program = "/usr/local/bin/llama-server"

        [[models]]                        # an engine that SMMF runs
        name = "demo"
        engine = "llama.cpp"
        source = "models/demo/smmf-demo.gguf"
        context = 1024                    # tokens for one request
        parallel = 4                      # requests at once
        threads = 1
        replicas = 1                      # or { min = 1, max = 4 }
        policy = "least-load"             # or power-of-two, round-robin, random
        arguments = []                    # more flags for the engine
        # limits = { memory = 4096, cores = "0-3", devices = [0], niceness = 5 }   # of each instance; see the README
        # unload_after = 600              # loaded by the first request, unloaded after so many idle seconds
        # pinned = true                   # and not before, whoever else needs its memory
        # park = true                     # it keeps its process then, and wakes much faster than it loads

        # [[models]]                      # engines that somebody else runs
        # name = "qwen3-8b"
        # endpoints = ["http://127.0.0.1:9101", "https://engine.example.com", "unix:///run/engine.sock"]

        # [[models]]
        # name = "embedder"
        # kind = "embedding"              # or rerank
        # endpoints = ["http://127.0.0.1:9103"]
        # batch_limit = 32                # inputs in one request; larger ones are sent in parts
        # gather_above = 4                # small requests beyond so many at once are put together

        # [[models]]                      # a model of a provider; smmf provider list --all has them
        # name = "best"
        # provider = "openai"
        # source = "gpt-5"                # what the provider calls it, where that is another name
        # api_key = "${env:OPENAI_API_KEY}"
        # api_keys = ["${env:KEY_1}", { key = "${env:KEY_2}", weight = 3 }]   # or several, by shares
        # base_url = "https://api.openai.com/v1"   # where it is not the provider's usual one
        # options = { region = "eu-west-1" }       # what the provider's address has places for

        [[models]]                        # a name for others, tried in order
        name = "assistant"
        route = ["demo"]                  # or shares of the requests: [{ model = "a", weight = 9 }, { model = "b", weight = 1 }]
        # prefer = "cost"                 # the cheapest first instead of the order above
        # spill_above = 8                 # so many requests on each instance of a model, and the next model gets what comes
        # [[prices]]                      # in dollars for a million tokens; stands before the prices that come along
        # provider = "openai"
        # model = "gpt-5"                 # or the beginning of names, like "gpt-5*"
        # input = 1.0
        # output = 8.0
        # cached = 0.1                    # input that the provider's cache gave
        # cache_written = 1.25            # input that was put there

        """
}
