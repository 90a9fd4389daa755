// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore

struct ModelDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Shows everything about a model."
    )

    @Argument(help: "The model's name.") var name: String
    @OptionGroup var options: ControlOptions

    func run() async throws {
        let status: ModelStatus = try await options.withClient { try await $0.call(.get, ModelCommand.path(name)) }
        if options.json { return try options.printJSON(status) }
        let deployment = status.deployment
        line("model", deployment.name.text)
        line("state", status.summary + (status.notice.map { " (\($0))" } ?? ""))
        line("kind", deployment.kind.rawValue)
        describe(deployment.backend)
        line("replicas", "\(deployment.replicas.min) to \(deployment.replicas.max)")
        line("policy", deployment.policy)
        line("generation", "\(deployment.generation)")
        line("owner", deployment.isFromFile ? "configuration file" : "API")
        for instance in status.instances { describe(instance) }
    }

    private func describe(_ backend: Backend) {
        switch backend {
        case .engine(let spec):
            line("engine", spec.engine)
            line("source", spec.source)
            if let context = spec.context { line("context", "\(context)") }
            if let parallel = spec.parallel { line("parallel", "\(parallel)") }
            if let threads = spec.threads { line("threads", "\(threads)") }
            if let devices = spec.tensorParallel { line("tensor_parallel", "\(devices)") }
            if let quantization = spec.quantization { line("quantization", quantization) }
            if let share = spec.memoryShare { line("memory_share", "\(share)") }
            if let tokens = spec.batchTokens { line("batch_tokens", "\(tokens)") }
            for (name, place) in spec.adapters.sorted(by: { $0.key < $1.key }) { line("adapter", "\(name)=\(place)") }
            if !spec.arguments.isEmpty { line("arguments", spec.arguments.joined(separator: " ")) }
        case .provider(let spec):
            line("provider", spec.provider)
            if let source = spec.source { line("source", source) }
            if let base = spec.base { line("base url", base) }
            line("keys", spec.keys.map(\.masked).joined(separator: ", "))
        case .endpoints(let endpoints): line("endpoints", endpoints.map(\.description).joined(separator: ", "))
        case .route(let names): line("route", names.map(\.text).joined(separator: " then "))
        }
    }

    private func describe(_ instance: Instance) {
        print("")
        line("instance", instance.id.text)
        line("  state", instance.state.rawValue + (instance.detail.map { ", \($0)" } ?? ""))
        line("  age", Age.text(since: instance.since))
        line("  worker", instance.worker?.text ?? "external")
        if let endpoint = instance.endpoint { line("  endpoint", endpoint.description) }
        if let processID = instance.processID { line("  process", "\(processID)") }
        if let load = instance.load { line("  load", "\(load.running) running, \(load.waiting) waiting") }
        line("  generation", "\(instance.generation)")
        line("  restarts", "\(instance.restarts)")
        guard let failure = instance.failure else { return }
        line("  last failure", failure.message)
        if let nextStep = failure.nextStep { line("", nextStep) }
        for evidence in failure.evidence { line("  log", evidence) }
    }

    private func line(_ label: String, _ text: String) {
        let padding = String(repeating: " ", count: max(1, 16 - label.count))
        print(Terminal.styled(label, .dim) + padding + text)
    }
}

struct ModelLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Prints the output of a model's instances."
    )

    @Argument(help: "The model's or an instance's name.") var name: String
    @Flag(name: .shortAndLong, help: "Go on with what comes.") var follow = false
    @Option(name: .shortAndLong, help: "How many lines at the end to begin with.") var lines = 100
    @OptionGroup var options: ControlOptions

    func run() async throws {
        try await options.withClient { client in
            let instances: [Instance] = try await client.call(.get, "/v1/instances")
            let wanted = instances.filter { $0.worker != nil && ($0.model.text == name || $0.id.text == name) }
            guard !wanted.isEmpty else {
                throw SMMFError(.notFound, "No worker holds an instance of \(name).", nextStep: "See smmf model list.")
            }
            var seen: [InstanceID: Int] = [:]
            repeat {
                for instance in wanted { try await show(instance, &seen, among: wanted.count, client) }
                if follow { try await Task.sleep(for: .milliseconds(300)) }
            } while follow
        }
    }

    private func show(
        _ instance: Instance,
        _ seen: inout [InstanceID: Int],
        among count: Int,
        _ client: ControlClient
    ) async throws {
        let isFirst = seen[instance.id] == nil
        let page: LogPage = try await client.call(
            .get,
            "/v1/instances/\(PercentCoding.encode(instance.id.text))/logs?after=\(seen[instance.id] ?? 0)&limit=10000"
        )
        seen[instance.id] = page.last
        let prefix = count > 1 ? "\(instance.id)  " : ""
        for line in isFirst ? page.lines.suffix(lines) : page.lines[...] { print(prefix + line) }
    }
}
