// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Holds a role's part of a data folder for one process. The system lets go of it when the process ends, however it
/// ends.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock. Throws ``SMMFError`` that says which process holds it.
    public init(_ folder: DataFolder, role: String) throws(SMMFError) {
        let file = "\(folder.path)/\(role).lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SMMFError(.storage, "The file \(file) cannot be opened.", field: file, nextStep: "Check who owns it.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.read(descriptor)
            close(descriptor)
            throw SMMFError(
                .conflict,
                "The data folder \(folder.path) is in use by process \(holder) as its \(role).",
                field: "server.data",
                nextStep: "End it first (kill \(holder)), or choose another folder with --data."
            )
        }
        ftruncate(descriptor, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit { close(descriptor) }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber)
        return text.isEmpty ? "(unknown)" : text
    }
}
