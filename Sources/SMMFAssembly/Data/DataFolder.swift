// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder in which a process keeps what must outlive it.
public struct DataFolder: Sendable {
    public let path: String

    /// Makes the folder where it is missing. Throws ``SMMFError`` with code `storage` that names it.
    public init(_ path: String) throws(SMMFError) {
        self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        do {
            try FileManager.default.createDirectory(
                atPath: self.path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SMMFError(
                .storage,
                "The data folder \(self.path) cannot be made: \(error)",
                field: "server.data",
                nextStep: "Choose another with --data or SMMF_DATA."
            )
        }
    }

    /// Where desired state is kept.
    public var database: String { "\(path)/smmf.sqlite" }

    /// The worker's name, made once and the same for ever: the host's name and a few random letters.
    public func workerID(host: String) throws(SMMFError) -> WorkerID {
        let file = "\(path)/worker-id"
        if let data = FileManager.default.contents(atPath: file) {
            let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
            if !text.isEmpty { return WorkerID(text) }
        }
        let suffix = String(UInt32.random(in: 0..<0x100_0000), radix: 36)
        let id = WorkerID("\(host.prefix(40))-\(suffix)")
        guard FileManager.default.createFile(atPath: file, contents: Data((id.text + "\n").utf8)) else {
            throw SMMFError(
                .storage,
                "The file \(file) cannot be written.",
                field: "server.data",
                nextStep: "Check that the disk has room and who owns the folder."
            )
        }
        return id
    }
}
