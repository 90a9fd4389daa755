// SPDX-License-Identifier: MIT

public import SMMFConfiguration
public import SMMFCore
import SMMFWorker

/// The engines of this build and what this machine has of them.
public struct EngineInventory: Sendable {
    private let locator: EngineLocator

    /// One engine on this machine.
    public struct Entry: Sendable, Codable, Hashable {
        public var name: String
        /// `found`, `installed`, `missing` or `built in`.
        public var state: String
        /// The version that is installed or would be; nil for a program of the user's own.
        public var version: String?
        /// Where it is.
        public var place: String?
        /// Why it cannot run on this machine; nil where it can.
        public var obstacle: String?
        /// How to get it, where it is missing.
        public var nextStep: String?
        /// The Python packages that an installation begins with.
        public var packages: [String]
    }

    /// Looks with the configuration's data folder and programs.
    public init(_ configuration: Configuration) {
        locator = EngineLocator(data: configuration.data, overrides: configuration.enginePrograms)
    }

    /// Every engine, found or not.
    public func all() -> [Entry] { Plugins.engines.map(entry) }

    private func entry(_ engine: any Engine) -> Entry {
        let distribution = engine.distribution
        var entry = Entry(
            name: engine.name,
            state: "missing",
            obstacle: distribution.obstacle,
            packages: distribution.pythonPackages
        )
        if distribution.isInstallable { entry.version = locator.environments.environment(of: engine).version }
        switch locator.program(for: engine) {
        case .executable(let path): (entry.state, entry.place, entry.version) = ("found", path, nil)
        case .environment(let path): (entry.state, entry.place) = ("installed", path)
        case .some(.none): (entry.state, entry.place) = ("built in", "the deployment brings the command")
        case nil:
            let programs = distribution.executables.joined(separator: " or ")
            entry.nextStep =
                distribution.isInstallable
                ? "Run smmf engine install \(engine.name)\(programs.isEmpty ? "." : ", or put \(programs) on PATH.")"
                : "Put \(programs) on PATH."
        }
        return entry
    }

    /// The engines that these models need and this machine lacks, in the order of their names.
    public func missing(for models: [Deployment]) -> [String] {
        let needed = Set(
            models.compactMap { model -> String? in
                guard case .engine(let spec) = model.backend else { return nil }
                return spec.engine
            }
        )
        return all().filter { needed.contains($0.name) && $0.place == nil }.map(\.name).sorted()
    }

    /// Installs an engine, in a version of the caller's where one is given, and returns where it is; each step and line of output goes to `onProgress`.
    public func install(
        _ name: String,
        version: String? = nil,
        again: Bool = false,
        guardProgram: [String],
        onProgress: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        guard let engine = Plugins.engines.first(where: { $0.name == name }) else {
            let near = NameSuggestion.nearest(to: name, among: Plugins.engines.map(\.name), limit: 1).first
            throw SMMFError(
                .notFound,
                "There is no engine \(name).",
                nextStep: near.map { "Did you mean \($0)?" } ?? "See smmf engine list."
            )
        }
        let installer = EngineInstaller(locator: locator, guardProgram: guardProgram)
        let environment = try await installer.install(engine, version: version, again: again) { event in
            switch event {
            case .step(let text): onProgress("\(name): \(text)")
            case .output(let text): onProgress("\(name): \(text)")
            }
        }
        return environment.path
    }

    /// What keeps this machine from installing engines; nil when nothing does.
    public func pythonProblem(guardProgram: [String]) async -> SMMFError? {
        await EngineInstaller(locator: locator, guardProgram: guardProgram).toolProblem()
    }
}
