// SPDX-License-Identifier: MIT

import SMMFCore

extension SimulatorDialect {
    /// As Text Embeddings Inference: vectors in its own shape and OpenAI's, ranks in its own, no list of models, and no
    /// more inputs at once than `max_client_batch_size`. Its port opens when the model is warm.
    public static let tei: SimulatorDialect = {
        var dialect = SimulatorDialect(name: "tei")
        dialect.head = []
        dialect.health = ["/health": "", "/ping": "", "/": ""]
        let openAI = SimulatorForm(
            read: { body, script throws(SimulatorRequest.Invalid) in
                try bounded(try SimulatorRequest.embedding(body, script), script)
            },
            whole: SimulatorOpenAI().embedding.whole
        )
        dialect.forms = ["/v1/embeddings": openAI, "/embeddings": openAI, "/embed": embed, "/rerank": rerank]
        dialect.isOpen = { ["/", "/health", "/ping", "/metrics"].contains($0) }
        dialect.error = { error in
            guard error.message != "File Not Found" else { return "" }
            let type =
                switch error.status {
                case 400: "Empty"
                case 424: "Backend"
                case 429: "Overloaded"
                case 503: "Unhealthy"
                default: "Validation"
                }
            let message = SimulatorJSON.quote(error.message)
            // Where it speaks OpenAI's words it has their error object without its envelope.
            return error.path.hasSuffix("/embeddings")
                ? #"{"message":\#(message),"code":\#(error.status),"type":"\#(type)"}"#
                : #"{"error":\#(message),"error_type":"\#(type)"}"#
        }
        dialect.overload = SimulatorError(429, "Model is overloaded")
        dialect.pages = ["GET /info": info]
        dialect.metrics = metrics
        dialect.program = program
        return dialect
    }()

    // MARK: Its own paths

    private static func bounded(
        _ request: SimulatorRequest,
        _ script: SimulatorScript
    ) throws(SimulatorRequest.Invalid) -> SimulatorRequest {
        guard request.inputs.count > script.batchLimit else { return request }
        throw SimulatorRequest.Invalid(
            status: 422,
            message: "batch size \(request.inputs.count) > maximum allowed batch size \(script.batchLimit)"
        )
    }

    private static let embed = SimulatorForm(
        read: { body, script throws(SimulatorRequest.Invalid) in
            guard let inputs = body.inputs?.texts, !inputs.isEmpty else {
                throw SimulatorRequest.Invalid(status: 400, message: "`inputs` cannot be empty")
            }
            var request = try bounded(SimulatorRequest(.embedding, inputs: inputs), script)
            request.dimensions = body.dimensions
            return request
        },
        whole: { answer in
            let vectors = answer.request.inputs.map { SimulatorEmbedding(of: $0, dimensions: answer.dimensions).list }
            return "[" + vectors.joined(separator: ",") + "]"
        }
    )

    private static let rerank = SimulatorForm(
        read: { body, script throws(SimulatorRequest.Invalid) in
            guard let query = body.query, let texts = body.texts, !texts.isEmpty else {
                throw SimulatorRequest.Invalid(status: 400, message: "`texts` cannot be empty")
            }
            var request = try bounded(SimulatorRequest(.rerank, inputs: texts, query: query), script)
            request.returnsText = body.returnText ?? false
            return request
        },
        whole: { answer in
            let query = SimulatorEmbedding(of: answer.request.prompt, dimensions: answer.dimensions)
            let ranks = answer.request.inputs.enumerated().map { index, text in
                let vector = SimulatorEmbedding(of: text, dimensions: answer.dimensions)
                let product = zip(query.values, vector.values).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                return (index: index, text: text, score: (product + 1) / 2)
            }
            let sorted = ranks.sorted { $0.score == $1.score ? $0.index < $1.index : $0.score > $1.score }
            let items = sorted.map { rank in
                let text = answer.request.returnsText ? #","text":\#(SimulatorJSON.quote(rank.text))"# : ""
                return #"{"index":\#(rank.index)\#(text),"score":\#(rank.score)}"#
            }
            return "[" + items.joined(separator: ",") + "]"
        }
    )

    @Sendable private static func info(_ call: SimulatorCall) -> SimulatorPlan {
        let model = SimulatorJSON.quote(call.script.model)
        return call.json(
            #"{"model_id":\#(model),"model_sha":null,"model_dtype":"float32","served_model_name":\#(model),"#
                + #""model_type":{"embedding":{"pooling":"cls"}},"max_concurrent_requests":\#(call.script.slots),"#
                + #""max_input_length":\#(call.script.contextLength),"max_batch_tokens":16384,"#
                + #""max_batch_requests":null,"max_client_batch_size":\#(call.script.batchLimit),"#
                + #""auto_truncate":true,"tokenization_workers":1,"version":"1.9.3","sha":null,"docker_label":null}"#
        )
    }

    private static let metrics = SimulatorMetrics(
        prefix: "te_",
        numbers: [
            SimulatorMetrics.counter("request_count", labels: "method=\"batch\"") { $0.started },
            SimulatorMetrics.counter("request_success", labels: "method=\"batch\"") { $0.finished },
            SimulatorMetrics.counter("embed_success") { $0.finished },
            // What is worked on is in the queue no more.
            SimulatorMetrics.gauge("queue_size") { $0.waiting },
        ]
    )

    // MARK: Its router

    private static let program = SimulatedProgram(
        executable: "text-embeddings-router",
        manner: .clap,
        port: 3000,
        flags: [
            .source("--model-id"), .host("--hostname"), .port("--port", "-p"), .key("--api-key"),
            .served("--served-model-name"),
            .number("--max-concurrent-requests") { ($0.script.slots, $0.script.queueLimit) = (max(1, $1), 0) },
            .number("--max-client-batch-size") { $0.script.batchLimit = max(1, $1) },
            .number("--max-batch-tokens"), .number("--max-batch-requests"), .number("--tokenization-workers"),
            .number("--payload-limit"), .number("--prometheus-port"),
            .choice("--dtype", ["float16", "float32", "bfloat16"]),
            .choice("--pooling", ["cls", "mean", "splade", "last-token"]),
            .value(
                "--revision",
                "--default-prompt-name",
                "--default-prompt",
                "--dense-path",
                "--hf-token",
                "--hf-api-token",
                "--uds-path",
                "--huggingface-hub-cache",
                "--otlp-endpoint",
                "--otlp-service-name",
                "--cors-allow-origin"
            ),
            SimulatedFlag(names: ["--auto-truncate"], takes: .oneOrNothing) { _, _ in true },
            .flag("--json-output", "--disable-spans"),
        ],
        variables: ["API_KEY": { $0.script.apiKey = $1 }],
        prepare: { $0.script.batchLimit = 32 },
        loading: [
            line("Starting download"), line("Downloading `model.safetensors`"),
            line("Maximum number of tokens per request: 512"), line("Starting model backend"),
            line("Warming up model"),
        ],
        ready: [line("Starting HTTP server: 127.0.0.1:3000"), line("Ready")],
        ending: .drained(0),
        failures: [
            failure(
                .fileMissing,
                "Could not download model artifacts",
                "request error: HTTP status client error (404 Not Found) for url (https://huggingface.co/no/such/resolve)"
            ),
            failure(.fileMissing, "`config.json` not found", "No such file or directory (os error 2)"),
            failure(
                .accessDenied,
                "Could not download model artifacts",
                "request error: HTTP status client error (401 Unauthorized) for url (https://huggingface.co/a/b/resolve)"
            ),
            failure(
                .downloadFailed,
                "Could not download model artifacts",
                "failed to lookup address information: Temporary failure in name resolution"
            ),
            failure(
                .unsupportedModel,
                "Could not create backend",
                "Could not start backend: Model is not supported: unknown variant `wonder`, expected one of `bert`"
            ),
            failure(
                .badArgument,
                "The `--pooling` arg is not set and we could not find a pooling configuration "
                    + "(`1_Pooling/config.json`) for this model.",
                "No such file or directory (os error 2)"
            ),
            failure(
                .outOfMemory,
                "Could not create backend",
                "Could not start backend: DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\")"
            ),
            failure(.fileCorrupt, "Could not create backend", "Could not start backend: HeaderTooLarge"),
            failure(
                .portInUse,
                "Could not bind TCP Listener on 127.0.0.1:3000",
                "Address already in use (os error 98)"
            ),
        ]
    )

    private static func line(_ text: String) -> String {
        "2026-07-24T12:00:00.000000Z  INFO text_embeddings_router: router/src/lib.rs: \(text)"
    }

    private static func failure(_ kind: InstanceFailure.Kind, _ error: String, _ cause: String) -> SimulatedFailure {
        SimulatedFailure(kind, ["Error: \(error)", "", "Caused by:", "    \(cause)"])
    }
}
