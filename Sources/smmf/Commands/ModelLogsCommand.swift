// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore

struct ModelLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Prints the output of a model's instances."
    )

    @Argument(help: "The model's or an instance's name.") var name: String
    @Flag(name: .shortAndLong, help: "Go on with what comes, over restarts, until the model or instance is removed.")
    var follow = false
    @Option(name: .shortAndLong, help: "How many lines at the end to begin with.") var lines = 100
    @OptionGroup var options: ControlOptions

    private static let pause: Duration = .milliseconds(300)
    /// For how many looks in a row a controller may be away.
    private static let patience = 100

    func validate() throws {
        guard lines >= 0 else { throw ValidationError("--lines must be 0 or more, not \(lines).") }
    }

    func run() async throws {
        try await options.withClient { client in
            var seen: [InstanceID: Int] = [:]
            guard try await look(client, &seen) else {
                throw SMMFError(.notFound, "No worker holds an instance of \(name).", nextStep: "See smmf model list.")
            }
            var failures = 0
            while follow {
                try await Task.sleep(for: Self.pause)
                do {
                    if try await !look(client, &seen), try await isGone(client) { break }
                    failures = 0
                } catch let error as SMMFError where error.code == .unavailable && failures < Self.patience {
                    if failures == 0 { Terminal.note("The controller does not answer; waiting for it.") }
                    failures += 1
                }
            }
            if follow { Terminal.note("\(name) is gone.") }
        }
    }

    /// Prints what is new of every instance that there is now; false when there is none.
    private func look(_ client: ControlClient, _ seen: inout [InstanceID: Int]) async throws -> Bool {
        let instances: [Instance] = try await client.call(.get, "/v1/instances")
        let wanted = instances.filter { $0.worker != nil && ($0.model.text == name || $0.id.text == name) }
        // An instance that came while we look is shown from its beginning.
        let isFirstLook = seen.isEmpty
        for instance in wanted {
            let prefix = Set(seen.keys).union(wanted.map(\.id)).count > 1 ? "\(instance.id)  " : ""
            guard let page = try await page(of: instance.id, after: seen[instance.id] ?? 0, client) else { continue }
            let fresh = isFirstLook && seen[instance.id] == nil ? page.lines.suffix(lines) : page.lines[...]
            seen[instance.id] = page.last
            for line in fresh { Terminal.write(prefix + line + "\n") }
        }
        return !wanted.isEmpty
    }

    /// What an instance printed; nil when it has ended in the meantime.
    private func page(of id: InstanceID, after line: Int, _ client: ControlClient) async throws -> LogPage? {
        do {
            return try await client.call(.get, ModelTarget.path(id) + "/logs?after=\(line)&limit=10000")
        } catch let error as SMMFError where error.code == .notFound {
            return nil
        }
    }

    /// Whether nothing more can come: there is no such model. One that is unloaded or offline may come back.
    private func isGone(_ client: ControlClient) async throws -> Bool {
        do {
            let _: ModelStatus = try await client.call(.get, ModelCommand.path(name))
            return false
        } catch let error as SMMFError where error.code == .notFound || error.code == .invalidRequest {
            return true
        }
    }
}
