// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of all installed engines.
public struct EngineEnvironments: Sendable, Hashable {
    /// The folder.
    public let path: String

    /// Environments under a data folder.
    public init(data: String) {
        path = "\(data)/engines"
    }

    /// The environment that an engine runs from: the one that somebody chose, as long as it is whole, else that of the
    /// engine's own version, installed or not.
    public func environment(of engine: any Engine) -> EngineEnvironment {
        if let data = FileManager.default.contents(atPath: choice(engine)), data.count < 100,
            let chosen = try? engine.distribution.at(version: String(decoding: data, as: UTF8.self))
        {
            let environment = environment(engine, chosen)
            if environment.isComplete { return environment }
        }
        return environment(engine, engine.distribution)
    }

    /// The environment of an engine in a version that somebody asks for, or in its own. Throws ``SMMFError`` where the
    /// text is no version.
    public func environment(of engine: any Engine, version: String?) throws(SMMFError) -> EngineEnvironment {
        guard let version else { return environment(engine, engine.distribution) }
        return environment(engine, try engine.distribution.at(version: version))
    }

    /// Lets an engine run from an environment from now on; nil is that of its own version.
    func choose(_ version: String?, of engine: any Engine) throws {
        let file = choice(engine)
        if let version {
            try Data(version.utf8).write(to: URL(filePath: file), options: .atomic)
        } else if FileManager.default.fileExists(atPath: file) {
            try FileManager.default.removeItem(atPath: file)
        }
    }

    private func choice(_ engine: any Engine) -> String { "\(path)/\(engine.name)/chosen-version" }

    private func environment(_ engine: any Engine, _ distribution: EngineDistribution) -> EngineEnvironment {
        EngineEnvironment(path: "\(path)/\(engine.name)/\(distribution.version)", distribution: distribution)
    }
}

/// An engine's own Python environment.
///
/// Programs in it know its path, so it is made where it stays; a file that is written last says that it is complete.
public struct EngineEnvironment: Sendable, Hashable {
    /// The folder.
    public let path: String
    let distribution: EngineDistribution

    var packages: [String] { distribution.pythonPackages }

    /// The engine's version in it.
    public var version: String { distribution.version }
    /// Whether all of its packages are pinned by their digests.
    public var isPinned: Bool { !distribution.pins.isEmpty }
    /// The oldest Python that it can be made with, as its pinned set says.
    var oldestPython: Int {
        let mark = "# python 3."
        let line = distribution.pins.split(separator: "\n").prefix(8).first { $0.hasPrefix(mark) }
        return line.flatMap { Int($0.dropFirst(mark.count)) } ?? 9
    }

    private var completionMark: String { "\(path)/smmf-installed" }
    var python: String { "\(path)/bin/python" }

    /// Whether it was installed to the end, with the packages that are wanted now.
    public var isComplete: Bool {
        let mark = FileManager.default.contents(atPath: completionMark)
        return mark.map { String(decoding: $0, as: UTF8.self) } == completionText
    }

    private var completionText: String {
        (packages + distribution.overrides + distribution.barePackages + aliasTexts).joined(separator: "\n") + "\n"
    }

    private var aliasTexts: [String] { distribution.aliases.map { "\($0.key) \($0.value)" }.sorted() }

    /// Says that everything is in place.
    func markComplete() throws {
        try Data(completionText.utf8).write(to: URL(filePath: completionMark), options: .atomic)
    }

    /// Removes whatever is there.
    func remove() throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// Writes the files that come with SMMF, where they differ: a newer SMMF brings newer ones.
    func writeFiles() throws {
        for (name, content) in distribution.files {
            let file = "\(path)/\(name)"
            let wanted = Data(content.utf8)
            guard FileManager.default.contents(atPath: file) != wanted else { continue }
            try wanted.write(to: URL(filePath: file), options: .atomic)
        }
    }

    /// Writes the pinned set, and returns the file.
    func writePins() throws -> String {
        let file = "\(path)/requirements.txt"
        try Data(distribution.pins.utf8).write(to: URL(filePath: file), options: .atomic)
        return file
    }

    /// Writes the requirements that stand in for others, and returns the file.
    func writeOverrides() throws -> String {
        let file = "\(path)/overrides.txt"
        let text = distribution.overrides.joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
        return file
    }

    /// Lets packages be found under further names, by the metadata that Python looks names up in.
    func writeAliases() throws {
        guard !distribution.aliases.isEmpty else { return }
        let library = "\(path)/lib"
        let pythons = try FileManager.default.contentsOfDirectory(atPath: library).filter { $0.hasPrefix("python3") }
        for (alias, version) in distribution.aliases {
            for python in pythons {
                let folder = "\(library)/\(python)/site-packages/\(alias)-\(version).dist-info"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                let text = "Metadata-Version: 2.1\nName: \(alias)\nVersion: \(version)\n"
                try Data(text.utf8).write(to: URL(filePath: "\(folder)/METADATA"), options: .atomic)
            }
        }
    }
}
