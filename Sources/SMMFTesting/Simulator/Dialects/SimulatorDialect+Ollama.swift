// SPDX-License-Identifier: MIT

import SMMFCore

extension SimulatorDialect {
    /// As Ollama: one server with models that are pulled by name, OpenAI's words and its own in lines of JSON, no metrics.
    /// Its port opens at once; a model is there when it was pulled. A name of its library that begins with `no-such` is
    /// not in the library.
    public static let ollama: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "ollama")
        dialect.head = []
        dialect.health = ["/": "Ollama is running"]
        let shape = SimulatorOpenAI(role: .firstToken, fingerprint: "fp_ollama")
        dialect.forms = shape.forms.merging(["/api/chat": chat, "/api/generate": generate, "/api/embed": embed]) {
            own,
            _ in own
        }
        dialect.unknownModel = { name, script in
            script.models.contains(tagged(name))
                ? nil : SimulatorRequest.Invalid(status: 404, message: "model '\(name)' not found")
        }
        dialect.isOpen = { _ in true }
        dialect.error = { error in
            let message = SimulatorJSON.quote(error.message)
            guard error.path.hasPrefix("/v1/") else { return #"{"error":\#(message)}"# }
            let type = [400: "invalid_request_error", 404: "not_found_error"][error.status] ?? "api_error"
            return #"{"error":{"message":\#(message),"type":"\#(type)","param":null,"code":null}}"#
        }
        dialect.overload = SimulatorError(503, "server busy, please try again.  maximum pending requests exceeded")
        dialect.pages = [
            "GET /v1/models": { call in
                // A list without a model is null.
                call.script.models == [nothing]
                    ? call.json(#"{"object":"list","data":null}"#)
                    : SimulatorPages.models { _, _ in #""owned_by":"library""# }(call)
            },
            "GET /v1/models/*": model, "GET /api/version": { $0.json(#"{"version":"0.33.0"}"#) },
            "GET /api/tags": { $0.json(#"{"models":[\#(cards($0.script.models).joined(separator: ","))]}"#) },
            "GET /api/ps": { call in
                // Loaded is what was asked once.
                let loaded = call.stats.started > 0 ? cards([call.script.model], isLoaded: true) : []
                return call.json(#"{"models":[\#(loaded.joined(separator: ","))]}"#)
            },
            "POST /api/show": show, "POST /api/pull": pull,
        ]
        dialect.program = program
        return dialect
    }()

    /// Stands in the place of a model where there is none, as a script has at least one.
    private static let nothing = "(nothing)"

    /// A name with its tag, which is `latest` where none is given.
    private static func tagged(_ name: String) -> String {
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return last.contains(":") ? name : name + ":latest"
    }

    private static func cards(_ models: [String], isLoaded: Bool = false) -> [String] {
        models.filter { $0 != nothing }.map { model in
            let name = SimulatorJSON.quote(model)
            let rest =
                isLoaded
                ? #""size_vram":0,"expires_at":"2318-01-01T00:00:00Z","context_length":4096"#
                : #""modified_at":"2026-08-21T00:00:00Z""#
            return
                #"{"name":\#(name),"model":\#(name),"size":1048576,"digest":"0","details":{"format":"gguf"},\#(rest)}"#
        }
    }

    // MARK: Its own forms

    private static let chat = SimulatorForm(
        read: { body, script throws(SimulatorRequest.Invalid) in
            try native(body, try SimulatorRequest.chat(body, script))
        },
        whole: { line($0, $0.pieces.joined(), isLast: true) },
        stream: lines,
        framing: .lines
    )

    private static let generate = SimulatorForm(
        read: { body, script throws(SimulatorRequest.Invalid) in
            try native(body, try SimulatorRequest.completion(body, script))
        },
        whole: { line($0, $0.pieces.joined(), isLast: true) },
        stream: lines,
        framing: .lines
    )

    private static let embed = SimulatorForm(
        read: { body, script throws(SimulatorRequest.Invalid) in try .embedding(body, script) },
        whole: { answer in
            let vectors = answer.request.inputs.map { SimulatorEmbedding(of: $0, dimensions: answer.dimensions).list }
            return
                #"{"model":\#(SimulatorJSON.quote(answer.script.model)),"embeddings":[\#(vectors.joined(separator: ","))],"#
                + #""total_duration":1000000,"load_duration":0,"prompt_eval_count":\#(answer.request.promptTokens)}"#
        }
    )

    /// It streams unless it is told not to, and takes its limit among the options.
    private static func native(
        _ body: SimulatorBody,
        _ request: SimulatorRequest
    ) throws(SimulatorRequest.Invalid) -> SimulatorRequest {
        var request = request
        request.isStream = body.stream ?? true
        request.limit = SimulatorRequest.limit(body.options?.numPredict)
        return request
    }

    @Sendable private static func lines(_ answer: SimulatorAnswer) -> [SimulatorForm.Frame] {
        answer.pieces.map { .init(text: line(answer, $0, isLast: false), tokens: 1) }
            + [.init(text: line(answer, "", isLast: true))]
    }

    private static func line(_ answer: SimulatorAnswer, _ piece: String, isLast: Bool) -> String {
        let text = SimulatorJSON.quote(piece)
        let content =
            answer.request.kind == .chat
            ? #""message":{"role":"assistant","content":\#(text)}"# : #""response":\#(text)"#
        let end =
            isLast
            ? #","done_reason":"\#(answer.isCut ? "length" : "stop")","total_duration":1000000,"load_duration":0,"#
                + #""prompt_eval_count":\#(answer.request.promptTokens),"prompt_eval_duration":1000,"#
                + #""eval_count":\#(answer.pieces.count),"eval_duration":1000"# : ""
        return
            #"{"model":\#(SimulatorJSON.quote(answer.script.model)),"created_at":"2026-11-25T00:00:00Z",\#(content),"#
            + #""done":\#(isLast)\#(end)}"#
    }

    // MARK: Its models

    @Sendable private static func model(_ call: SimulatorCall) -> SimulatorPlan {
        // Its router takes one part of a path for the name, so that a name with a slash is not found.
        let name = String(call.path.dropFirst("/v1/models/".count))
        guard !name.contains("/") else { return call.planner.page(404, "404 page not found", type: "text/plain") }
        if let refusal = call.script.dialect.unknownModel?(name, call.script) {
            return call.planner.error(refusal.status, refusal.message)
        }
        return call.json(
            #"{"id":\#(SimulatorJSON.quote(name)),"object":"model","created":1795454513,"owned_by":"library"}"#
        )
    }

    @Sendable private static func show(_ call: SimulatorCall) -> SimulatorPlan {
        call.reading { body throws(SimulatorRequest.Invalid) in
            let name = body.model ?? body.name ?? ""
            if let refusal = call.script.dialect.unknownModel?(name, call.script) { throw refusal }
            return #"{"details":{"format":"gguf"},"model_info":{},"capabilities":["completion"]}"#
        }
    }

    /// Pulls a model at once, telling the steps in lines as the real one does.
    @Sendable private static func pull(_ call: SimulatorCall) -> SimulatorPlan {
        call.reading { body throws(SimulatorRequest.Invalid) in
            let name = tagged(body.model ?? body.name ?? "")
            let start = #"{"status":"pulling manifest"}"#
            guard !name.hasPrefix("no-such") else {
                return start + "\n" + #"{"error":"pull model manifest: file does not exist"}"# + "\n"
            }
            call.change { script in
                if !script.models.contains(name) { script.models = script.models.filter { $0 != nothing } + [name] }
            }
            let steps = [25, 50, 100].map {
                #"{"status":"pulling 8eeb52dfb3bb","digest":"sha256:8eeb52dfb3bb","total":100,"completed":\#($0)}"#
            }
            let end = ["verifying sha256 digest", "writing manifest", "success"].map { #"{"status":"\#($0)"}"# }
            return ([start] + steps + end).joined(separator: "\n") + "\n"
        }
    }

    // MARK: Its program

    private static let program = SimulatedProgram(
        executable: "ollama",
        words: ["serve"],
        manner: .cobra,
        port: 11_434,
        flags: [],
        variables: [
            "OLLAMA_HOST": { launch, value in
                let parts = value.split(separator: ":")
                launch.host = parts.first.map(String.init) ?? launch.host
                launch.port = parts.count > 1 ? Int(parts[1]) ?? launch.port : launch.port
            },
            "OLLAMA_NUM_PARALLEL": { $0.script.slots = max(1, Int($1) ?? 1) },
            "OLLAMA_MAX_QUEUE": { $0.script.queueLimit = Int($1) ?? 512 },
            "OLLAMA_CONTEXT_LENGTH": { $0.script.contextLength = Int($1) ?? 4_096 },
        ],
        prepare: { launch in
            launch.script.models = [nothing]
            launch.script.slots = 1
            launch.script.queueLimit = 512
        },
        loading: [],
        ready: [#"time=2026-08-21T00:00:00Z level=INFO msg="Listening on 127.0.0.1:11434 (version 0.33.0)""#],
        ending: .atOnce(0),
        clients: ["list": list, "show": showClient, "pull": pullClient],
        failures: [
            SimulatedFailure(.portInUse, ["Error: listen tcp 127.0.0.1:11434: bind: address already in use"]),
            SimulatedFailure(
                .diskFull,
                ["Error: write /root/.ollama/models/blobs/sha256-8eeb-partial: no space left on device"]
            ),
            SimulatedFailure(
                .downloadFailed,
                [
                    "Error: pull model manifest: Get \"https://registry.ollama.ai/v2/library/qwen3/manifests/8b\": dial "
                        + "tcp: lookup registry.ollama.ai: no such host"
                ]
            ),
            SimulatedFailure(
                .downloadFailed,
                ["verifying sha256 digest", "Error: digest mismatch, file must be downloaded again: want sha256:8eeb"]
            ),
        ]
    )

    @Sendable private static func list(_ call: SimulatedClient) async -> Int32 {
        guard await call.ask("GET", "/api/tags") != nil else { return 1 }
        call.say("NAME    ID    SIZE    MODIFIED")
        return 0
    }

    @Sendable private static func showClient(_ call: SimulatedClient) async -> Int32 {
        let name = call.arguments.first ?? ""
        guard let answer = await call.ask("POST", "/api/show", #"{"model":\#(SimulatorJSON.quote(name))}"#) else {
            return 1
        }
        guard answer.status == 200 else {
            call.say("Error: model '\(name)' not found")
            return 1
        }
        return 0
    }

    @Sendable private static func pullClient(_ call: SimulatedClient) async -> Int32 {
        let name = SimulatorJSON.quote(call.arguments.first ?? "")
        guard let answer = await call.ask("POST", "/api/pull", #"{"model":\#(name)}"#) else { return 1 }
        for line in answer.body.split(separator: "\n") {
            if let error = line.firstRange(of: #""error":""#) {
                call.say("Error: \(line[error.upperBound...].prefix { $0 != "\"" })")
                return 1
            }
            let percent = line.firstRange(of: #""completed":"#).map { line[$0.upperBound...].prefix { $0.isNumber } }
            let status = line.firstRange(of: #""status":""#).map { line[$0.upperBound...].prefix { $0 != "\"" } } ?? ""
            call.say(percent.map { "\(status): \($0)% ▕████▏ 1.0 MB" } ?? String(status))
        }
        return 0
    }
}
