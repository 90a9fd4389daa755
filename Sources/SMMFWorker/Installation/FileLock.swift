// SPDX-License-Identifier: MIT

#if canImport(System)
import System
#else
import SystemPackage
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that one process at a time can hold. The system lets go of it when the process ends, however it ends.
struct FileLock: Sendable {
    private let file: FileDescriptor

    /// Takes the lock; nil when somebody else has it or the file cannot be made.
    init?(path: String) {
        guard
            let file = try? FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite]
            )
        else { return nil }
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? file.close()
            return nil
        }
        self.file = file
    }

    /// Lets go of it.
    func release() {
        // Closing alone is not enough: a process that is being started at this moment has the file open too.
        flock(file.rawValue, LOCK_UN)
        try? file.close()
    }
}
