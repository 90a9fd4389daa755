// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore
import SMMFTesting

/// A whole SMMF for one test: controller, worker and API server, at one of three depths, with the same client in front.
public struct TestFleet: Sendable {
    /// How real the fleet is.
    public enum Depth: String, Sendable, CaseIterable, CustomStringConvertible {
        /// Standalone, wired in this process's memory.
        case inProcess
        /// The cluster's roles in this process, wired over loopback HTTP.
        case loopback
        /// Three `smmf` processes.
        case processes

        public var description: String { rawValue }
    }

    /// The API server.
    public let api: Endpoint
    /// The controller.
    public let control: Endpoint
    /// The folder that holds the fleet's data.
    public let folder: String
    /// The processes, at depth ``Depth/processes``.
    public let processes: FleetProcesses
    public let http: SharedHTTP

    /// A client of the controller.
    public var controller: ControlClient { ControlClient(base: control, http: http) }
    /// A client of everything else.
    public var plain: PlainHTTP { PlainHTTP(http: http) }

    /// Runs `body` with a fleet that has the deployments of `configuration`, and ends the fleet afterwards.
    ///
    /// `configuration` is a file's text without its `[server]` table, which the fleet writes; `realEngines` gives the
    /// worker the engines that `make test` installed.
    public static func run(
        _ depth: Depth,
        configuration: String = "",
        realEngines: Bool = false,
        _ body: @escaping @Sendable (TestFleet) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        if realEngines { try BuildProducts.shareEngines(with: folder.path) }
        let http = SharedHTTP()
        switch depth {
        case .inProcess: try await RoleFleet.standalone(folder, configuration, http, body)
        case .loopback: try await RoleFleet.cluster(folder, configuration, http, body)
        case .processes: try await FleetProcesses.cluster(folder, configuration, http, body)
        }
    }

    /// The status of a model, by name.
    public func model(_ name: String) async throws -> ModelStatus {
        try await controller.call(.get, "/v1/deployments/\(PercentCoding.encode(name))")
    }

    /// Waits until a model's state is `summary`.
    public func wait(for name: String, toBe summary: String, within limit: Duration = .seconds(60)) async throws {
        try await eventually("\(name) is \(summary)", within: limit, every: .milliseconds(50)) {
            try await model(name).summary == summary
        }
    }

    /// Deploys a model, or changes one.
    @discardableResult
    public func deploy(_ deployment: Deployment) async throws -> ModelStatus {
        try await controller.call(
            .put,
            "/v1/deployments/\(PercentCoding.encode(deployment.name.text))",
            body: deployment
        )
    }

    /// Asks a model one thing without streaming; returns the status and the document.
    public func chat(
        _ model: String,
        _ text: String = "hello",
        extra: [String: JSONValue] = [:]
    ) async throws -> (status: Int, document: JSONValue) {
        var body: [String: JSONValue] = [
            "model": .string(model), "messages": [["role": "user", "content": .string(text)]],
        ]
        body.merge(extra) { _, new in new }
        let answer = try await plain.post(
            api,
            path: "/v1/chat/completions",
            json: .object(body),
            timeout: .seconds(60),
            limit: 1 << 24
        )
        return (answer.status, (try? ControlJSON.decode(JSONValue.self, from: answer.body)) ?? .null)
    }

    /// The number of a sample on the API server's metrics page; 0 when it is not there.
    public func metric(_ sample: String) async throws -> Double {
        let page = try await plain.get(api, path: "/metrics", timeout: .seconds(10), limit: 1 << 24)
        let lines = String(decoding: page.body, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix(sample + " ") }
        return line.flatMap { Double($0.dropFirst(sample.count + 1)) } ?? 0
    }
}
