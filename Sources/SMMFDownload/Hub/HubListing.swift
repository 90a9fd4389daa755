// SPDX-License-Identifier: MIT

import SMMFCore

/// What a hub says a repository has.
struct HubListing: Sendable, Hashable {
    /// The commit that the files are of; nil where the hub does not tell it.
    var commit: String?
    var files: [HubFile]

    /// Files of one repository at the most.
    static let fileLimit = 20_000
    /// ModelScope's answer ends here without saying so (`REPO_FILES_TRUNCATION_LIMIT` of its own client).
    static let modelScopeLimit = 3_000

    /// A listing of one file.
    init(_ file: HubFile) { files = [file] }

    /// Reads Hugging Face's `/api/models/REPO/revision/REV?blobs=true`, as `huggingface_hub`'s `ModelInfo` does.
    init(huggingFace document: JSONValue) throws(SMMFError) {
        guard let commit = document["sha"]?.text, commit.utf8.count == 40,
            commit.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }),
            let siblings = document["siblings"]?.elements, siblings.count <= Self.fileLimit
        else { throw Self.unreadable(.huggingFace) }
        self.commit = commit
        files = []
        for sibling in siblings {
            guard let path = sibling["rfilename"]?.text else { throw Self.unreadable(.huggingFace) }
            let large = sibling["lfs"]
            files.append(
                try HubFile(
                    path: path,
                    size: Self.size(large?["size"] ?? sibling["size"]),
                    digest: large?["sha256"]?.text.flatMap { FileDigest(sha256: $0) }
                        ?? (Self.isObject(large) ? nil : sibling["blobId"]?.text.flatMap { FileDigest(git: $0) })
                )
            )
        }
    }

    /// Reads ModelScope's `/api/v1/models/REPO/repo/files`, as `modelscope-hub`'s `list_repo_files` does.
    init(modelScope document: JSONValue) throws(SMMFError) {
        guard let entries = document["Data"]?["Files"]?.elements else { throw Self.unreadable(.modelScope) }
        guard entries.count < Self.modelScopeLimit else {
            throw SMMFError(
                .tooLarge,
                "The repository has more than \(Self.modelScopeLimit) files, which is all that ModelScope lists.",
                field: "source"
            )
        }
        files = []
        for entry in entries where entry["Type"]?.text != "tree" {
            guard let path = entry["Path"]?.text else { throw Self.unreadable(.modelScope) }
            let digest = entry["Sha256"]?.text.flatMap { FileDigest(sha256: $0) }
            files.append(try HubFile(path: path, size: Self.size(entry["Size"]), digest: digest))
        }
    }

    private static func size(_ value: JSONValue?) -> Int? {
        guard case .integer(let size)? = value else { return nil }
        return Int(size)
    }

    private static func isObject(_ value: JSONValue?) -> Bool {
        if case .object? = value { true } else { false }
    }

    private static func unreadable(_ hub: Hub) -> SMMFError {
        SMMFError(
            .upstreamFailed,
            "What \(hub.title) says of the repository is not understood.",
            blame: .provider,
            nextStep: "Where a mirror is set, check that it speaks the hub's API."
        )
    }
}
