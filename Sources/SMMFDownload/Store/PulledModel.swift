// SPDX-License-Identifier: MIT

/// A model that was pulled, or is on its way, for listings and for programs.
public struct PulledModel: Sendable, Hashable, Codable {
    /// The name in the catalog that it was pulled by.
    public var name: String?
    /// Where it comes from.
    public var source: String
    /// The folder with its files.
    public var folder: String
    /// Bytes on the disk.
    public var size: Int
    /// Bytes that are still missing; nil where the server did not tell a size.
    public var missing: Int?
    /// Whether everything that was asked for is here.
    public var isComplete: Bool
    /// Whether that is all that engines need of the repository.
    public var isWholeRepository: Bool
    /// Paths of the files that are here, within the folder.
    public var files: [String]

    /// The first file of the model for llama.cpp that a source means: in the quantization or by the pattern that it names,
    /// or the nearest to the usual quantization where it names none. Nil where that is not here.
    public func gguf(of source: PullSource) -> String? {
        let names = files.compactMap { GGUFName($0) }
        let whole = Set(names.filter { name in names.count { $0.stem == name.stem } == name.count }.map(\.stem))
        let here = files.filter { GGUFName($0).map { whole.contains($0.stem) } ?? false }
            .compactMap { try? HubFile(path: $0, size: nil, digest: nil) }
        let models = here.filter { GGUFName($0.path)?.isModel == true }
        let selection = try? FileSelection(source.files, nearest: source.takesNearest, among: models, of: "")
        return selection?.files.first.map { "\(folder)/\($0.path)" }
    }
}
