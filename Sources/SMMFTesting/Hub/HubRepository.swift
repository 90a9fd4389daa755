// SPDX-License-Identifier: MIT

import Crypto

/// A repository of a simulated hub, as a value.
public struct HubRepository: Sendable, Hashable {
    /// Who may read it.
    public enum Access: Sendable, Hashable {
        case open
        /// Everybody sees it; only an account with access reads its files.
        case gated
        /// Nobody sees it without a token.
        case closed
    }

    /// A file's content and where it is kept.
    public struct File: Sendable, Hashable {
        public var bytes: [UInt8]
        /// In Git LFS, as everything large is: served from other storage, and known by its SHA-256.
        public var isLarge: Bool
        /// Set where the listing must claim another digest than the content's.
        public var claimedSHA256: String?

        /// Describes a file.
        public init(_ bytes: [UInt8], isLarge: Bool = false) {
            self.bytes = bytes
            self.isLarge = isLarge
        }

        /// The SHA-256 of the content.
        public var sha256: String { HubRepository.hex(SHA256.hash(data: bytes)) }
        /// What git calls the content.
        var blob: String { HubRepository.hex(Insecure.SHA1.hash(data: Array("blob \(bytes.count)\0".utf8) + bytes)) }
    }

    /// `OWNER/REPO`.
    public var name: String
    public var files: [String: File]
    public var access = Access.open
    /// Branches and tags that there are; the commit is a revision too.
    public var revisions = ["main", "master"]

    /// Describes a repository.
    public init(_ name: String, _ files: [String: File]) {
        self.name = name
        self.files = files
    }

    /// The commit of its present state.
    public var commit: String {
        let state = files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.sha256)" }.joined(separator: "\n")
        return Self.hex(Insecure.SHA1.hash(data: Array(state.utf8)))
    }

    static func hex(_ digest: some Sequence<UInt8>) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
