// SPDX-License-Identifier: MIT

import SMMFCore

/// A file of a listing. Its path comes from a stranger, so it is checked before it can exist.
struct HubFile: Sendable, Hashable {
    /// Relative, with slashes, and nowhere outside the model's folder.
    let path: String
    /// Bytes; nil where the server does not tell.
    let size: Int?
    let digest: FileDigest?
    /// What the server says of the content's version, where nobody says what the content must be.
    let version: String?

    /// What tells this content from another; nil where nothing does, so that nothing of it can be kept.
    var identity: String? { digest?.description ?? version }

    /// Larger than any model's file; sizes of strangers must not overflow sums.
    static let largestSize = 1 << 44
    private static let longestPath = 1024

    /// Throws ``SMMFError`` for a path that leads out of the folder or into SMMF's own, or a size that cannot be.
    init(path: String, size: Int?, digest: FileDigest?, version: String? = nil) throws(SMMFError) {
        // By bytes: a slash and a combining mark are one character, and a slash all the same to a disk.
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let isPlain = path.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" }
        let isInside = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 }
        let isOwn = parts.first?.uppercased() == ModelFolder.own.uppercased()
        guard isPlain, isInside, !isOwn, path.utf8.count <= Self.longestPath else {
            let shown = String(
                String.UnicodeScalarView(path.unicodeScalars.prefix(100).map { $0.value < 0x20 ? " " : $0 })
            )
            throw SMMFError(
                .upstreamFailed,
                "The server names the file \"\(shown)\", which may not be written; nothing was pulled.",
                blame: .provider,
                nextStep: "Tell the repository's owner, and pull from another one."
            )
        }
        guard size.map({ (0...Self.largestSize).contains($0) }) ?? true else {
            throw SMMFError(.upstreamFailed, "The server gives \(path) a size that no file has.", blame: .provider)
        }
        self.path = path
        self.size = size
        self.digest = digest
        self.version = version
    }
}
