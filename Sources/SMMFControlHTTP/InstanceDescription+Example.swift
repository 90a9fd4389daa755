// SPDX-License-Identifier: MIT

public import SMMFCore

extension InstanceDescription {
    /// An instance as the documents of the control APIs show it.
    public static var example: InstanceDescription {
        var instance = Instance(id: InstanceID("qwen3-8b-x7k2m9ab"), model: .example, worker: WorkerID("worker-1"))
        instance.state = .ready
        instance.endpoint = Endpoint(host: "127.0.0.1", port: 9101)
        return InstanceDescription(
            instance: instance,
            command: ["/usr/bin/llama-server", "--model", "models/demo/smmf-demo.gguf"],
            environment: ["HF_TOKEN": SecretMask.mask],
            limits: ResourceLimits(memory: 8192, cores: .count(2)),
            allotment: Allotment(memory: 8192 << 20, memoryGuard: .controlGroup, cores: [0, 1]),
            logFile: "logs/qwen3-8b-x7k2m9ab.log",
            history: [Step(state: .ready, since: Timestamp(milliseconds: 0))]
        )
    }
}

extension InstanceOrder {
    /// What its operation in the control APIs does, as one sentence.
    public var summary: String {
        switch self {
        case .restart: "Replaces an instance's process when its requests have finished."
        case .drain: "Ends an instance when its requests have finished; another one takes its place."
        case .offline: "Ends an instance's process when its requests have finished, and keeps it so."
        case .online: "Starts an instance again that was put offline."
        case .park: "Has an instance give up what memory it can and keep its process, when its requests have finished."
        case .wake: "Has an instance that is parked take its memory back and serve."
        }
    }
}
