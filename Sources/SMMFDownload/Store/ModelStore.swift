// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The pulled models in a data folder: `models/hf/OWNER/REPO`, `models/ms/OWNER/REPO`, `models/url/HOST/…`.
public struct ModelStore: Sendable {
    /// The folder of all of them.
    public let path: String

    private static let listLimit = 10_000

    /// Models under a data folder.
    public init(data: String) { path = "\(data)/models" }

    /// Where a source's files are, pulled or not.
    func folder(of source: PullSource) -> ModelFolder {
        switch source.place {
        case .repository(let hub, let name, let revision):
            let state = revision.map { "@" + $0.replacing("/", with: "--") } ?? ""
            return ModelFolder(path: "\(path)/\(hub.rawValue)/\(name)\(state)")
        case .address(let text):
            let host = URL(string: text)?.host ?? "host"
            // A signature that changes does not make it another file.
            return ModelFolder(path: "\(path)/url/\(host)/\(Hashes.shortName(of: source.description))")
        }
    }

    /// What is here, in the order of its names.
    public func list() -> [PulledModel] {
        var found: [PulledModel] = []
        for hub in folders(path) {
            for owner in folders("\(path)/\(hub)") {
                for name in folders("\(path)/\(hub)/\(owner)") where found.count < Self.listLimit {
                    let folder = ModelFolder(path: "\(path)/\(hub)/\(owner)/\(name)")
                    if let model = Self.describe(folder) { found.append(model) }
                }
            }
        }
        return found.sorted { ($0.name ?? $0.source) < ($1.name ?? $1.source) }
    }

    /// What is here of a source; nil when nothing was pulled.
    public func pulled(_ source: PullSource) -> PulledModel? { Self.describe(folder(of: source)) }

    /// Removes a model with its parts, by its name or its source, and returns what it was.
    ///
    /// Throws ``SMMFError`` when there is no such model, or it is being pulled.
    public func remove(_ name: String) throws(SMMFError) -> PulledModel {
        let models = list()
        let shown = try? PullSource(name)
        if let shown, shown.files != nil {
            throw SMMFError(
                .invalidRequest,
                "Only all that was pulled of \(shown) can be removed, not some of its files.",
                field: "source",
                nextStep: "Name \(shown) to remove all of it."
            )
        }
        let found = models.filter { $0.name == name || $0.source == name || $0.source == shown?.description }
        guard let model = found.first else {
            let near = NameSuggestion.nearest(to: name, among: models.map { $0.name ?? $0.source }, limit: 1).first
            throw SMMFError(
                .notFound,
                "No model \(shown?.description ?? name) is pulled.",
                nextStep: near.map { "Did you mean \($0)?" } ?? "See smmf model pulled."
            )
        }
        guard found.count == 1 else {
            let sources = found.map(\.source).joined(separator: " and ")
            throw SMMFError(
                .conflict,
                "\(shown?.description ?? name) is pulled from \(sources).",
                nextStep: "Name one of these."
            )
        }
        let lock = try lock(ModelFolder(path: model.folder), model.source)
        defer { lock.release() }
        do {
            try FileManager.default.removeItem(atPath: model.folder)
        } catch {
            throw SMMFError(.storage, "\(model.folder) cannot be removed: \(error)", nextStep: "Check who owns it.")
        }
        return model
    }

    /// Keeps others from a model's folder. Throws ``SMMFError`` when somebody has it.
    func lock(_ folder: ModelFolder, _ source: String) throws(SMMFError) -> PullLock {
        // By the place within the store, as there are many ways to write the store's own.
        let name = Hashes.shortName(of: String(folder.path.dropFirst(path.count)))
        do {
            try FileManager.default.createDirectory(atPath: "\(path)/.locks", withIntermediateDirectories: true)
        } catch {
            throw SMMFError(.storage, "\(path) cannot be made: \(error)", nextStep: "Choose another with --data.")
        }
        guard let lock = try PullLock(path: "\(path)/.locks/\(name)") else {
            throw SMMFError(
                .conflict,
                "\(source) is being pulled by another process.",
                nextStep: "Wait until that has finished, or end it; what it has is kept."
            )
        }
        return lock
    }

    private static func describe(_ folder: ModelFolder) -> PulledModel? {
        guard let record = folder.read() else { return nil }
        let whole = record.files.filter { $0.isWhole && folder.size($0.path) == $0.size }
        let parts = record.files.filter { file in !whole.contains(file) }
        let received = parts.map { folder.plan($0.path)?.received ?? 0 }
        let isKnown = parts.allSatisfy { $0.size != nil }
        return PulledModel(
            name: record.name,
            source: record.source,
            folder: folder.path,
            size: whole.reduce(0) { $0 + ($1.size ?? 0) } + received.reduce(0, +),
            missing: isKnown ? zip(parts, received).reduce(0) { $0 + max(0, ($1.0.size ?? 0) - $1.1) } : nil,
            isComplete: parts.isEmpty,
            isWholeRepository: record.isWholeRepository,
            files: whole.map(\.path)
        )
    }

    private func folders(_ place: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }
}
