// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFAssembly
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks this machine, the configuration and the running servers."
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        var isGood = true
        func say(_ good: Bool, _ text: String, _ nextStep: String? = nil) {
            print("\(good ? Terminal.styled("ok  ", .green) : Terminal.styled("look", .yellow))  \(text)")
            if let nextStep, !good { print("      \(nextStep)") }
            isGood = isGood && good
        }
        let configuration = try server.configuration()
        say(true, "configuration: \(configuration.models.count) models")
        do {
            let folder = try DataFolder(configuration.data)
            say(true, "data folder: \(folder.path)")
        } catch {
            say(false, error.message, error.nextStep)
        }
        for engine in EngineInventory(configuration).all() {
            let advice = engine.obstacle ?? engine.nextStep
            let isUsable = engine.place != nil && engine.obstacle == nil
            say(isUsable, "engine \(engine.name): \(engine.place ?? engine.state)", advice)
        }
        let http = SharedHTTP()
        let plain = PlainHTTP(http: http)
        let servers = [
            ("API server", configuration.api, configuration.tls != nil), ("controller", configuration.control, false),
        ]
        for (role, address, isTLS) in servers {
            let endpoint = address.endpoint(isTLS: isTLS)
            let answer = try? await plain.get(endpoint, path: "/health", timeout: .seconds(2), limit: 1 << 16)
            // A control API with a token answers 401, which is an answer too.
            let isUp = answer.map { $0.status == 200 || $0.status == 401 } ?? false
            say(isUp, "\(role): \(isUp ? "answers" : "does not answer") at \(address)", "Start it with smmf serve.")
        }
        if !isGood { throw CommandFailed() }
    }
}
