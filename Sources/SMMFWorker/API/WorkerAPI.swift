// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore

/// The worker's HTTP surface, for the controller and for people who debug.
public enum WorkerAPI {
    /// The routes that act on `worker`.
    public static func routes(_ worker: any WorkerAgent) -> [ControlRoute] {
        [
            ControlRoute(
                .get,
                "/v1/status",
                "Describes the worker and everything it holds.",
                answer: ControlSchema(
                    "WorkerStatus",
                    example: WorkerStatus(id: WorkerID("worker-1"), engines: ["llama.cpp"])
                )
            ) { _ in try .json(await worker.status()) },
            ControlRoute(
                .put,
                "/v1/instances/{id}",
                "Starts to hold an instance; the same order again changes nothing.",
                body: ControlSchema("InstanceAssignment", example: example)
            ) { request in
                let assignment = try request.decode(InstanceAssignment.self)
                guard try assignment.id.text == request.parameter("id") else {
                    throw SMMFError(.invalidRequest, "id differs from the id in the path.", field: "id")
                }
                try await worker.assign(assignment)
                return .empty
            },
            ControlRoute(.delete, "/v1/instances/{id}", "Drains and ends an instance.") { request in
                try await worker.release(InstanceID(request.parameter("id")))
                return .empty
            },
            ControlRoute(
                .get,
                "/v1/instances/{id}",
                "Describes an instance: its command, environment, limits, states, load and last failure.",
                answer: ControlSchema("InstanceDescription", example: InstanceDescription.example)
            ) { request in try .json(await worker.describe(InstanceID(request.parameter("id")))) },
            ControlRoute(
                .get,
                "/v1/instances/{id}/logs",
                "Reads an instance's output.",
                query: ["after": "the last line already seen; 0 for all", "limit": "the most lines, 1 to 10000"],
                answer: ControlSchema("LogPage", example: LogPage(lines: ["ready"], first: 1, last: 1))
            ) { request in
                let page = try await worker.logs(
                    of: InstanceID(request.parameter("id")),
                    after: request.number("after", in: 0...Int.max, default: 0),
                    limit: request.number("limit", in: 1...10_000, default: 1000)
                )
                return try .json(page)
            },
        ]
            + InstanceOrder.allCases.map { order in
                ControlRoute(.post, "/v1/instances/{id}/\(order.rawValue)", order.summary) { request in
                    try await worker.perform(order, on: InstanceID(request.parameter("id")))
                    return .empty
                }
            }
    }

    private static var example: InstanceAssignment {
        InstanceAssignment(
            id: InstanceID("qwen3-8b-x7k2m9ab"),
            model: .example,
            kind: .language,
            spec: EngineSpec(engine: "llama.cpp", source: "models/demo/smmf-demo.gguf"),
            generation: 1
        )
    }
}
