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
        /// Where it is.
        public var place: String?
        /// How to get it, where it is missing.
        public var nextStep: String?
    }

    /// Looks with the configuration's data folder and programs.
    public init(_ configuration: Configuration) {
        locator = EngineLocator(data: configuration.data, overrides: configuration.enginePrograms)
    }

    /// Every engine, found or not.
    public func all() -> [Entry] { Plugins.engines.map(entry) }

    private func entry(_ engine: any Engine) -> Entry {
        switch locator.program(for: engine) {
        case .executable(let path): return Entry(name: engine.name, state: "found", place: path)
        case .environment(let path): return Entry(name: engine.name, state: "installed", place: path)
        case .some(.none):
            return Entry(name: engine.name, state: "built in", place: "the deployment brings the command")
        case nil:
            let installs = engine.distribution.isInstallable
            let programs = engine.distribution.executables.joined(separator: " or ")
            let nextStep =
                installs
                ? "Run smmf engine install \(engine.name)\(programs.isEmpty ? "." : ", or put \(programs) on PATH.")"
                : "Put \(programs) on PATH."
            return Entry(name: engine.name, state: "missing", nextStep: nextStep)
        }
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

    /// Installs an engine and returns where it is; each step and line of output goes to `onProgress`.
    public func install(
        _ name: String,
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
        let environment = try await installer.install(engine, again: again) { event in
            switch event {
            case .step(let text): onProgress("\(name): \(text)")
            case .output(let text): onProgress("\(name): \(text)")
            }
        }
        return environment.path
    }

    /// What keeps this machine from installing engines; nil when nothing does.
    public func pythonProblem(guardProgram: [String]) async -> SMMFError? {
        do {
            _ = try await EngineInstaller(locator: locator, guardProgram: guardProgram).requirePython()
            return nil
        } catch {
            return error
        }
    }
}
