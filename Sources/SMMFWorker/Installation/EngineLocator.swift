// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds the program of an engine on this machine: the configuration's, else one on PATH, else an environment that
/// `smmf engine install` made.
public struct EngineLocator: Sendable, Hashable {
    /// Absolute paths from the configuration, by engine name.
    public var overrides: [String: String]
    /// Folders to look in, separated by colons.
    public var searchPath: String
    /// Where environments are installed.
    public var environments: EngineEnvironments

    /// Creates a locator; `data` is the data folder.
    public init(data: String, overrides: [String: String] = [:], searchPath: String? = nil) {
        self.overrides = overrides
        self.searchPath = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        self.environments = EngineEnvironments(data: data)
    }

    /// The program for an engine; nil when there is none.
    public func program(for engine: any Engine) -> EngineProgram? {
        if let path = overrides[engine.name] { return Self.isProgram(path) ? .executable(path) : nil }
        for name in engine.distribution.executables {
            if let path = find(name) { return .executable(path) }
        }
        if engine.distribution.isInstallable {
            let environment = environments.environment(of: engine)
            if environment.isComplete { return .environment(environment.path) }
        }
        return engine.distribution.isBringYourOwn ? EngineProgram.none : nil
    }

    /// The program for an engine, or the failure that says how to get it. The files of an installed environment are
    /// brought up to date on the way.
    func requireProgram(for engine: any Engine) throws(InstanceFailure) -> EngineProgram {
        if let program = program(for: engine) {
            if case .environment = program { try? environments.environment(of: engine).writeFiles() }
            return program
        }
        if let path = overrides[engine.name] {
            throw InstanceFailure(
                .engineMissing,
                "The program \(path), which the configuration names for \(engine.name), is not there or cannot be run.",
                nextStep: "Correct the path, or remove it to use the one on PATH."
            )
        }
        let programs = engine.distribution.executables.joined(separator: " or ")
        var ways: [String] = []
        if engine.distribution.isInstallable { ways.append("run `smmf engine install \(engine.name)`") }
        if !programs.isEmpty { ways.append("put \(programs) on PATH") }
        let advice = ways.joined(separator: ", or ")
        throw InstanceFailure(
            .engineMissing,
            "The engine \(engine.name) is not on this machine.",
            nextStep: advice.isEmpty ? nil : advice.prefix(1).uppercased() + advice.dropFirst() + "."
        )
    }

    /// A program of that name in one of the folders of ``searchPath``.
    public func find(_ name: String) -> String? {
        let folders = searchPath.split(separator: ":").lazy.filter { $0.hasPrefix("/") }
        return folders.map { "\($0)/\(name)" }.first(where: Self.isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var isFolder = false
        let manager = FileManager.default
        guard manager.fileExists(atPath: path, isDirectory: &isFolder), !isFolder else { return false }
        return manager.isExecutableFile(atPath: path)
    }
}
