// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
import SMMFCore

/// The controller's HTTP surface.
public enum ControllerAPI {
    /// The routes that act on `controller`.
    public static func routes(_ controller: Controller) -> [ControlRoute] {
        models(controller) + instances(controller) + workers(controller) + KeyAPI.routes(controller)
    }

    private static func models(_ controller: Controller) -> [ControlRoute] {
        let status = ControlSchema("ModelStatus", example: exampleStatus)
        @Sendable func model(_ request: ControlRequest) throws -> ModelName { try ModelName(request.parameter("name")) }
        return [
            ControlRoute(
                .get,
                "/v1/deployments",
                "Lists models: what is wanted and what is.",
                answer: ControlSchema("ModelStatuses", example: [exampleStatus])
            ) { _ in try .json(await controller.models().map(\.masked)) },
            ControlRoute(.get, "/v1/deployments/{name}", "Describes a model.", answer: status) { request in
                try .json(await controller.model(model(request)).masked)
            },
            ControlRoute(
                .put,
                "/v1/deployments/{name}",
                "Deploys a model, or changes one.",
                body: ControlSchema("Deployment", example: exampleStatus.deployment),
                answer: status
            ) { request in
                let deployment = try request.decode(Deployment.self)
                guard try deployment.name == model(request) else {
                    throw SMMFError(.invalidRequest, "name differs from the name in the path.", field: "name")
                }
                return try .json(await controller.deploy(deployment).masked)
            },
            ControlRoute(.delete, "/v1/deployments/{name}", "Removes a model and ends its instances.") { request in
                try await controller.remove(model(request))
                return .empty
            },
            ControlRoute(.post, "/v1/deployments/{name}/start", "Puts a model online.", answer: status) { request in
                try .json(await controller.setDesired(.online, of: model(request)).masked)
            },
            ControlRoute(.post, "/v1/deployments/{name}/stop", "Takes a model offline.", answer: status) { request in
                try .json(await controller.setDesired(.offline, of: model(request)).masked)
            },
            ControlRoute(
                .post,
                "/v1/deployments/{name}/restart",
                "Replaces a model's instances without a gap.",
                answer: status
            ) { request in try .json(await controller.restart(model(request)).masked) },
        ]
    }

    private static func instances(_ controller: Controller) -> [ControlRoute] {
        [
            ControlRoute(
                .post,
                "/v1/demand",
                "Tells which models that are loaded on demand an API server is asked for.",
                body: ControlSchema(
                    "DemandReport",
                    example: DemandReport(entries: [.init(model: .example, inFlight: 0, waiting: 1)])
                )
            ) { request in
                try await controller.note(request.decode(DemandReport.self))
                return .empty
            },
            ControlRoute(
                .get,
                "/v1/instances",
                "Lists instances.",
                answer: ControlSchema("Instances", example: exampleStatus.instances)
            ) { _ in try .json(await controller.instances()) },
            ControlRoute(
                .get,
                "/v1/instances/{id}/logs",
                "Reads an instance's output.",
                query: ["after": "the last line already seen; 0 for all", "limit": "the most lines, 1 to 10000"],
                answer: ControlSchema("LogPage", example: LogPage(lines: ["ready"], first: 1, last: 1))
            ) { request in
                let page = try await controller.logs(
                    of: InstanceID(request.parameter("id")),
                    after: request.number("after", in: 0...Int.max, default: 0),
                    limit: request.number("limit", in: 1...10_000, default: 1000)
                )
                return try .json(page)
            },
            ControlRoute(
                .get,
                "/v1/instances/{id}",
                "Describes an instance: its command, environment, limits, states, load and last failure.",
                answer: ControlSchema("InstanceDescription", example: InstanceDescription.example)
            ) { request in try .json(await controller.describe(InstanceID(request.parameter("id")))) },
        ]
            + InstanceOrder.allCases.map { order in
                ControlRoute(.post, "/v1/instances/{id}/\(order.rawValue)", order.summary) { request in
                    try await controller.perform(order, on: InstanceID(request.parameter("id")))
                    return .empty
                }
            }
    }

    private static func workers(_ controller: Controller) -> [ControlRoute] {
        let example = WorkerStatus(
            id: WorkerID("worker-1"),
            address: Endpoint(host: "127.0.0.1", port: 8001),
            engines: ["llama.cpp"],
            instances: exampleStatus.instances,
            devices: [Device(index: 0, name: "NVIDIA L4", memory: 24 << 30, used: 8 << 30)],
            memory: 64 << 30,
            cores: 16
        )
        return [
            ControlRoute(
                .get,
                "/v1/workers",
                "Lists workers.",
                answer: ControlSchema("WorkerStatuses", example: [example])
            ) { _ in try .json(await controller.workers()) },
            ControlRoute(
                .put,
                "/v1/workers/{id}",
                "Joins a worker, or says that it is alive.",
                body: ControlSchema("WorkerStatus", example: example)
            ) { request in
                let status = try request.decode(WorkerStatus.self)
                guard try status.id.text == request.parameter("id") else {
                    throw SMMFError(.invalidRequest, "id differs from the id in the path.", field: "id")
                }
                try await controller.join(status)
                return .empty
            },
            ControlRoute(
                .get,
                "/v1/events",
                "Lists what happened on the control path.",
                query: ["after": "the last event already seen; 0 for all that are kept"],
                answer: ControlSchema(
                    "ControlEvents",
                    example: [
                        ControlEvent(number: 1, time: Timestamp(milliseconds: 0), subject: "worker-1", text: "joined")
                    ]
                )
            ) { request in
                try .json(await controller.events(after: request.number("after", in: 0...Int.max, default: 0)))
            },
        ]
    }

    private static var exampleStatus: ModelStatus {
        let spec = EngineSpec(engine: "llama.cpp", source: "models/demo/smmf-demo.gguf", context: 1024)
        let deployment = Deployment(name: .example, backend: .engine(spec))
        var instance = Instance(id: InstanceID("qwen3-8b-x7k2m9ab"), model: .example, worker: WorkerID("worker-1"))
        instance.endpoint = Endpoint(host: "127.0.0.1", port: 9101)
        instance.state = .ready
        return ModelStatus(deployment: deployment, instances: [instance])
    }
}
