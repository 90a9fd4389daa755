// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that one pull at a time holds. The system lets go of it when the process ends, however it ends.
struct PullLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock; nil when somebody else has it. Throws ``SMMFError`` where the file cannot be made or locked.
    init?(path: String) throws(SMMFError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Disk.error(errno, path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(file)
            guard number == EWOULDBLOCK else { throw Disk.error(number, path) }
            return nil
        }
        descriptor = file
    }

    /// Lets go of it.
    func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
