// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFEngines

@Suite("The engine openai-compatible")
struct OpenAICompatibleEngineTests {
    let engine = OpenAICompatibleEngine()

    static func launch(_ arguments: [String], environment: [String: String] = [:]) throws -> EngineLaunch {
        let spec = EngineSpec(
            engine: "openai-compatible",
            source: "/models/{name}",
            arguments: arguments,
            environment: environment
        )
        let assignment = InstanceAssignment(
            id: InstanceID("m-1"),
            model: try ModelName("m"),
            kind: .language,
            spec: spec,
            generation: 1
        )
        return EngineLaunch(assignment: assignment, port: 9000, program: .none)
    }

    @Test("Placeholders are filled once, anywhere, and other braces stay")
    func placeholders() throws {
        let plan = try engine.plan(
            Self.launch([
                "/bin/e", "--port={port}", "{model}:{name}", "{instance}{instance}", "{\"a\":{port}}", "{other}", "{",
            ])
        )
        #expect(
            plan.arguments == ["/bin/e", "--port=9000", "/models/{name}:m", "m-1m-1", "{\"a\":9000}", "{other}", "{"]
        )
    }

    @Test("The ready path is the deployment's, and does not reach the program")
    func readyPath() throws {
        #expect(try engine.plan(Self.launch(["/bin/e", "{port}"])).readyPath == "/health")
        let plan = try engine.plan(
            Self.launch(["/bin/e", "{port}"], environment: ["SMMF_READY_PATH": "/v1/models", "A": "b"])
        )
        #expect(plan.readyPath == "/v1/models")
        #expect(plan.environment == ["A": "b"])
    }

    @Test("A command line that cannot work is refused", arguments: [[], [""], ["/bin/e"]])
    func refusals(arguments: [String]) throws {
        let failure = #expect(throws: InstanceFailure.self) { try engine.plan(Self.launch(arguments)) }
        #expect(failure?.kind == .badArgument && failure?.nextStep != nil)
        #expect(throws: InstanceFailure.self) {
            try engine.plan(Self.launch(["/bin/e", "{port}"], environment: ["SMMF_READY_PATH": "health"]))
        }
    }

    @Test("Load is read in whichever names the program uses")
    func load() {
        let vllm = """
            vllm:num_requests_running{model_name="a",engine="0"} 2.0
            vllm:num_requests_running{model_name="a",engine="1"} 1.0
            vllm:num_requests_waiting{model_name="a"} 4.0 1700000000000
            vllm:generation_tokens_total{model_name="a}b"} 1e3
            vllm:kv_cache_usage_perc{model_name="a"} 1.5
            """
        #expect(engine.load(from: vllm) == LoadRecord(running: 3, waiting: 4, generatedTokens: 1000, cacheUse: 1))
        let sglang = "sglang:num_running_reqs{a=\"b\"} 1\nsglang:num_queue_reqs 2\nsglang:token_usage 0.25"
        #expect(engine.load(from: sglang) == LoadRecord(running: 1, waiting: 2, cacheUse: 0.25))
        #expect(engine.load(from: "process_cpu_seconds_total 5") == nil)
    }
}
