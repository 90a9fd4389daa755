// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore

struct ModelStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Puts a model or one of its instances online and waits until it serves.",
        aliases: ["online"]
    )

    @Argument(help: "The model's or an instance's name.") var name: String
    @OptionGroup var options: ControlOptions
    @OptionGroup var waiting: WaitOptions

    func run() async throws {
        try await options.withClient { client in
            if case .instance(let instance) = try await ModelTarget.find(name, client) {
                return try await waiting.follow(.online, to: instance, client, options)
            }
            let status: ModelStatus = try await client.call(.post, ModelCommand.path(name) + "/start")
            try await waiting.follow(status, client, options) {
                ["ready", "route", "unloaded", "parked"].contains($0.summary)
            }
        }
    }
}

struct ModelStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Takes a model or one of its instances offline: running requests finish, and processes end.",
        aliases: ["offline"]
    )

    @Argument(help: "The model's or an instance's name; an instance stays offline until it is put online.")
    var name: String
    @OptionGroup var options: ControlOptions
    @OptionGroup var waiting: WaitOptions

    func run() async throws {
        try await options.withClient { try await Self.stop(name, .offline, $0, options, waiting) }
    }

    static func stop(
        _ name: String,
        _ order: InstanceOrder,
        _ client: ControlClient,
        _ options: ControlOptions,
        _ waiting: WaitOptions
    ) async throws {
        if case .instance(let instance) = try await ModelTarget.find(name, client) {
            return try await waiting.follow(order, to: instance, client, options)
        }
        let status: ModelStatus = try await client.call(.post, ModelCommand.path(name) + "/stop")
        try await waiting.follow(status, client, options) { $0.summary == "offline" }
    }
}

struct ModelDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract:
            "Lets running requests finish and ends a model; or one instance, which another then takes the place of."
    )

    @Argument(help: "The model's or an instance's name.") var name: String
    @OptionGroup var options: ControlOptions
    @OptionGroup var waiting: WaitOptions

    func run() async throws {
        try await options.withClient { try await ModelStopCommand.stop(name, .drain, $0, options, waiting) }
    }
}

struct ModelRestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Replaces a model's instances without a gap, or one instance's process, and waits until they serve."
    )

    @Argument(help: "The model's or an instance's name.") var name: String
    @OptionGroup var options: ControlOptions
    @OptionGroup var waiting: WaitOptions

    func run() async throws {
        try await options.withClient { client in
            if case .instance(let instance) = try await ModelTarget.find(name, client) {
                return try await waiting.follow(.restart, to: instance, client, options)
            }
            let status: ModelStatus = try await client.call(.post, ModelCommand.path(name) + "/restart")
            let generation = status.deployment.generation
            try await waiting.follow(status, client, options) { status in
                status.instances.contains { $0.generation == generation && $0.state == .ready }
                    && status.instances.allSatisfy { $0.generation == generation }
            }
        }
    }
}
