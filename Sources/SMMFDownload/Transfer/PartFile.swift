// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that is written in pieces, at any place.
final class PartFile: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Opens a file, and makes it where it is missing.
    init(_ path: String) throws(SMMFError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Disk.error(errno, path) }
    }

    deinit { close(descriptor) }

    /// Writes all of the bytes. Throws ``SMMFError`` that says so when the disk is full.
    func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(SMMFError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = pwrite(descriptor, piece.baseAddress, piece.count, off_t(place + rest.startIndex))
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw Disk.error(count < 0 ? errno : ENOSPC, path)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Sees to it that what was written is on the disk.
    func sync() throws(SMMFError) {
        guard fsync(descriptor) == 0 else { throw Disk.error(errno, path) }
    }

    /// Gives the file its size, and sees to it that the bytes are on the disk.
    func finish(size: Int) throws(SMMFError) {
        guard ftruncate(descriptor, off_t(size)) == 0, fsync(descriptor) == 0 else {
            throw Disk.error(errno, path)
        }
    }
}
