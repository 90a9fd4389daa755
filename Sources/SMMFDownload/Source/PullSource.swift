// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a model is pulled from, and which of its files: `hf:OWNER/REPO[@REV][:FILES]`, `ms:OWNER/REPO[@REV][:FILES]` or
/// `https://URL[#sha256=HEX]`. FILES is a pattern of names, or a quantization such as `Q4_K_M`.
public struct PullSource: Sendable, Hashable {
    /// What is pulled.
    public enum Place: Sendable, Hashable {
        case repository(Hub, name: String, revision: String?)
        /// One file; the address may hold a signature, so it is never shown as it is.
        case address(String)
    }

    public var place: Place
    /// A pattern of file names or a quantization; what a machine needs of the repository when nil.
    public var files: String?
    /// Whether the nearest quantization will do where the repository has not the one that ``files`` names.
    public var takesNearest = false
    /// What the file of an address must be, where the address says so.
    var digest: FileDigest?

    private static let form = "It is hf:OWNER/REPO, ms:OWNER/REPO or https://URL; FILES may follow behind a colon."
    private static let longest = 2048

    /// Names a repository's files.
    public init(_ hub: Hub, _ name: String, nearest quantization: String? = nil) {
        place = .repository(hub, name: name, revision: nil)
        files = quantization
        takesNearest = quantization != nil
    }

    /// Whether a text is meant to be a source, and not a name of the catalog.
    public static func isSource(_ text: String) -> Bool {
        text.hasPrefix("hf:") || text.hasPrefix("ms:") || text.contains("://")
    }

    /// Reads a source. Throws ``SMMFError`` that says what is wrong with it.
    public init(_ text: String) throws(SMMFError) {
        guard text.utf8.count <= Self.longest, text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else { throw Self.refuse("The source is longer than \(Self.longest) bytes or has white space in it.") }
        if text.contains("://") { try self.init(address: text) } else { try self.init(repository: text) }
    }

    private init(address text: String) throws(SMMFError) {
        let parts = text.split(separator: "#", maxSplits: 1).map(String.init)
        guard let address = URL(string: parts[0]), let scheme = address.scheme?.lowercased(),
            let host = address.host, !host.isEmpty
        else { throw Self.refuse("The source is not an address.") }
        guard scheme == "https" || scheme == "http" else {
            throw Self.refuse("\(scheme):// is not what SMMF pulls from.")
        }
        place = .address(parts[0])
        guard !Self.fileName(address).isEmpty else { throw Self.refuse("The address names no file.") }
        _ = try HubFile(path: Self.fileName(address), size: nil, digest: nil)
        guard parts.count == 2 else { return }
        let mark = "sha256="
        guard parts[1].hasPrefix(mark), let digest = FileDigest(sha256: String(parts[1].dropFirst(mark.count))) else {
            throw Self.refuse("What stands behind # is not sha256= with 64 hexadecimal digits.")
        }
        self.digest = digest
    }

    private init(repository text: String) throws(SMMFError) {
        guard let hub = Hub.allCases.first(where: { text.hasPrefix("\($0.rawValue):") }) else {
            throw Self.refuse("\(text) names no place to pull from.")
        }
        let parts = text.dropFirst(hub.rawValue.count + 1).split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let named = (parts.first ?? "").split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let name = (named.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
        guard name.count == 2, name.allSatisfy({ Self.isWord($0, and: "") }) else {
            throw Self.refuse("\(text) does not name a repository.")
        }
        let revision = named.count == 2 ? named[1] : nil
        guard revision.map({ Self.isWord($0, and: "/") }) ?? true else {
            throw Self.refuse("\(revision ?? "") is not a revision.")
        }
        files = parts.count == 2 ? String(parts[1]) : nil
        guard files.map({ !$0.isEmpty && $0.utf8.count <= 256 }) ?? true else {
            throw Self.refuse("Behind the second colon stands no pattern of files.")
        }
        place = .repository(hub, name: name.joined(separator: "/"), revision: revision.map(String.init))
    }

    /// Letters, digits, `-`, `_`, `.` and `others`, and nothing that means another folder.
    private static func isWord(_ text: Substring, and others: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-_.\(others)".utf8.contains(byte)
            }
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return isPlain && text.utf8.count <= 100 && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
    }

    static func fileName(_ address: URL) -> String {
        let last = address.path(percentEncoded: false).split(separator: "/").last
        return last.map(String.init) ?? ""
    }

    private static func refuse(_ why: String) -> SMMFError {
        SMMFError(.invalidRequest, why, field: "source", nextStep: form)
    }
}

extension PullSource: CustomStringConvertible {
    /// The place as it may be shown: without files, and without a name, a password or a query in an address.
    public var description: String {
        switch place {
        case .repository(let hub, let name, let revision):
            return "\(hub.rawValue):\(name)" + (revision.map { "@\($0)" } ?? "")
        case .address(let text):
            guard let address = URL(string: text) else { return "an address" }
            let port = address.port.map { ":\($0)" } ?? ""
            return "\(address.scheme ?? "https")://\(address.host ?? "")\(port)\(address.path(percentEncoded: false))"
        }
    }
}
