// SPDX-License-Identifier: MIT

/// What a model's folder keeps of its pulls, as a value.
struct PullRecord: Sendable, Hashable, Codable {
    struct File: Sendable, Hashable, Codable {
        var path: String
        var size: Int?
        var digest: FileDigest?
        /// The version that the server named, where there is no digest.
        var version: String?
        /// Whether it is here to the last byte, and was checked.
        var isWhole: Bool

        var identity: String? { digest?.description ?? version }
    }

    /// The source as it may be shown.
    var source: String
    /// The name in the catalog that it was pulled by.
    var name: String?
    /// The commit of the last pull.
    var commit: String?
    /// Whether all that engines need of it was asked for, and not some files only.
    var isWholeRepository = false
    var files: [File] = []

    /// Notes what a pull is about to fetch. Files of an earlier pull stay as long as the hub still has the same; those
    /// whose content is another now are to be fetched anew.
    ///
    /// Returns the files that no longer belong there and are to be removed.
    mutating func want(
        _ selection: FileSelection,
        of listed: [HubFile],
        commit: String?,
        isHere: (HubFile) -> Bool
    ) -> [String] {
        self.commit = commit ?? self.commit
        isWholeRepository = isWholeRepository || selection.isWhole
        for file in selection.files {
            let known = files.firstIndex { $0.path == file.path }
            let isSame = known.map { files[$0].isWhole && files[$0].identity == file.identity } ?? false
            let entry = File(
                path: file.path,
                size: file.size,
                digest: file.digest,
                version: file.version,
                isWhole: isSame && file.identity != nil && isHere(file)
            )
            if let known { files[known] = entry } else { files.append(entry) }
        }
        files.sort { $0.path < $1.path }
        // What engines read together must be of one state; a GGUF file stands for itself.
        let there = Dictionary(listed.map { ($0.path, $0.identity) }) { first, _ in first }
        let chosen = Set(selection.files.map(\.path))
        let stale = files.filter { file in
            !chosen.contains(file.path) && GGUFName(file.path) == nil && there[file.path] != .some(file.identity)
        }.map(\.path)
        guard selection.isWhole else {
            for index in files.indices where stale.contains(files[index].path) { files[index].isWhole = false }
            return []
        }
        files.removeAll { stale.contains($0.path) }
        return stale
    }

    /// Notes a file that is whole now.
    mutating func finish(_ path: String, size: Int) {
        guard let index = files.firstIndex(where: { $0.path == path }) else { return }
        files[index].size = size
        files[index].isWhole = true
    }
}
