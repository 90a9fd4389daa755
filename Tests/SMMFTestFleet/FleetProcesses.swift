// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTesting
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The `smmf` processes of a fleet, by role, so that a test can kill one and start it again.
public final class FleetProcesses: Sendable {
    private let running = Mutex<[String: ServerProcess]>([:])

    init() {}

    /// The process of a role: `controller`, `worker` or `apiserver`.
    public subscript(role: String) -> ServerProcess? { running.withLock { $0[role] } }

    /// Starts a role with these arguments; also how one comes back after it was killed.
    @discardableResult
    public func start(_ role: String, _ arguments: [String]) -> ServerProcess {
        let process = ServerProcess(BuildProducts.smmf, ["start", role] + arguments)
        running.withLock { $0[role] = process }
        return process
    }

    /// Starts a role again as it was started before, once the present process has ended.
    public func startAgain(_ role: String) async throws -> ServerProcess {
        guard let old = self[role] else { throw SMMFError(.notFound, "no \(role) ran before") }
        await old.end()
        return start(role, Array(old.arguments.dropFirst(2)))
    }

    func endAll() async {
        let all = running.withLock { $0 }
        // The API server first, as a rolling end would, and the worker before the controller.
        for role in ["apiserver", "worker", "controller"] {
            all[role]?.send(SIGTERM)
            await all[role]?.end()
        }
    }

    static func cluster(
        _ folder: TemporaryFolder,
        _ configuration: String,
        _ http: SharedHTTP,
        _ body: @escaping @Sendable (TestFleet) async throws -> Void
    ) async throws {
        let processes = FleetProcesses()
        let file = try folder.write(configuration, to: "smmf.toml")
        let empty = try folder.write("", to: "empty.toml")
        do {
            // A fixed port lets the controller come back where the others look for it.
            let control = try FreePort.next()
            let address = "127.0.0.1:\(control)"
            let common = ["--control", address, "--data", folder.path]
            let controller = processes.start("controller", ["--config", file] + common)
            _ = try await controller.text(after: "controller")
            let worker = processes.start("worker", ["--config", empty, "--worker", "127.0.0.1:0"] + common)
            let apiserver = processes.start("apiserver", ["--config", empty, "--api", "127.0.0.1:0"] + common)
            _ = try await worker.text(after: "worker")
            let url = try await apiserver.text(after: "API server")
            let fleet = TestFleet(
                api: try Endpoint(url),
                control: Endpoint(host: "127.0.0.1", port: control),
                folder: folder.path,
                processes: processes,
                http: http
            )
            try await body(fleet)
        } catch {
            await processes.endAll()
            throw error
        }
        await processes.endAll()
    }
}
