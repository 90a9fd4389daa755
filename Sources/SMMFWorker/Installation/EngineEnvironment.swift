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

    /// The environment for an engine's present version, installed or not.
    public func environment(of engine: any Engine) -> EngineEnvironment {
        let distribution = engine.distribution
        return EngineEnvironment(
            path: "\(path)/\(engine.name)/\(distribution.version)",
            distribution: distribution
        )
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
