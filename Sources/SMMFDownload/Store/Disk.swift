// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The few calls that Foundation has not, and what the file system says, in words.
enum Disk {
    /// The error for a call that failed on a path.
    static func error(_ number: Int32, _ path: String) -> SMMFError {
        switch number {
        case ENOSPC, EDQUOT:
            SMMFError(
                .storage,
                "The disk is full: \(path) could not be written.",
                nextStep: "Free some space and pull it again; what is here is kept."
            )
        case EACCES, EPERM, EROFS:
            SMMFError(.storage, "\(path) may not be written.", nextStep: "Check who owns the folder.")
        default:
            SMMFError(
                .storage,
                "\(path) cannot be used: \(String(cString: strerror(number))).",
                nextStep: "Check the disk."
            )
        }
    }

    /// Throws unless a disk has room for so many bytes and some to spare.
    static func requireRoom(_ needed: Int, free: Int?, at path: String) throws(SMMFError) {
        guard let free, needed > 0, needed + spare > free else { return }
        throw SMMFError(
            .storage,
            "The pull needs \(size(needed)), and \(path) has \(size(max(0, free))) free.",
            nextStep: "Free some space (smmf model pulled lists what is here), or set SMMF_DATA to a folder with more."
        )
    }

    /// Bytes that a program's user may still write where a path is; nil where the system does not tell.
    static func free(at path: String) -> Int? {
        var found = statvfs()
        guard statvfs(path, &found) == 0 else { return nil }
        return Int(
            clamping: UInt64(found.f_bavail).multipliedReportingOverflow(by: UInt64(found.f_frsize)).partialValue
        )
    }

    /// Bytes of a file; nil when it is not there.
    static func size(of path: String) -> Int? {
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        return size < 0 ? nil : Int(size)
    }

    /// Puts a file in the place of another.
    static func move(_ path: String, to place: String) throws(SMMFError) {
        guard rename(path, place) == 0 else { throw error(errno, place) }
    }

    /// Bytes that stay free: logs and the database are on the same disk.
    private static let spare = 64 << 20

    private static func size(_ bytes: Int) -> String {
        let megabytes = (Double(bytes) / 1e6).rounded(.up)
        guard megabytes >= 1000 else { return "\(Int(megabytes)) MB" }
        let tenths = Int((Double(bytes) / 1e8).rounded())
        return "\(tenths / 10).\(tenths % 10) GB"
    }
}
