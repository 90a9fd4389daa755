// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The open file behind an access log. It never waits for long, follows a file that was moved away, and starts a new
/// line behind one that it could not finish.
struct AccessLogFile {
    /// What the system takes from a pipe at once: once there is room at all, this much does not block.
    private static let pieceSize = 4096
    /// How long a pipe whose reader is busy is waited for, in milliseconds.
    private static let patience: Int32 = 1000

    private let path: String
    private var descriptor: Int32
    /// Whether it is a file on a disk, which takes any number of bytes without waiting for a reader.
    private var isRegular = false
    private var isMidLine = false

    /// Opens the file, or the standard output for `-`.
    init(path: String) throws(SMMFError) {
        self.path = path
        guard path != "-" else {
            descriptor = STDOUT_FILENO
            isRegular = Self.isRegular(descriptor)
            return
        }
        descriptor = Self.openFile(path)
        guard descriptor >= 0 else {
            throw SMMFError(
                .configuration,
                "The access log \(path) cannot be opened: \(Self.text(errno)).",
                field: "server.access_log.path",
                nextStep: "Create its folder, or name a file that this user may write; \"-\" is the standard output."
            )
        }
        isRegular = Self.isRegular(descriptor)
    }

    /// Opens the path anew when its file is another one by now, as after a rotation, or gone.
    mutating func follow() {
        guard path != "-" else { return }
        var open = stat()
        var named = stat()
        let isSame =
            fstat(descriptor, &open) == 0 && stat(path, &named) == 0 && open.st_ino == named.st_ino
            && open.st_dev == named.st_dev
        guard !isSame else { return }
        let new = Self.openFile(path)
        // Without its folder, the old file still takes lines.
        guard new >= 0 else { return }
        Self.shut(descriptor)
        descriptor = new
        isRegular = Self.isRegular(new)
        isMidLine = false
    }

    /// Writes lines. Returns how many bytes of them were written, and the reason when that is not all.
    mutating func write(_ bytes: [UInt8]) -> (written: Int, why: String?) {
        if isMidLine, writePiece([UInt8(ascii: "\n")], from: 0) == 1 { isMidLine = false }
        var written = 0
        while written < bytes.count {
            let count = writePiece(bytes, from: written)
            guard count > 0 else {
                isMidLine = isMidLine || written > 0 && bytes[written - 1] != UInt8(ascii: "\n")
                return (written, count == 0 ? "its reader takes nothing" : Self.text(Int32(-count)))
            }
            written += count
        }
        return (written, nil)
    }

    func close() {
        if path != "-" { Self.shut(descriptor) }
    }

    /// Writes a piece and returns its size, 0 when there was no room for too long, or a negative error number.
    private func writePiece(_ bytes: [UInt8], from start: Int) -> Int {
        var watch = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let ready = isRegular ? 1 : poll(&watch, 1, Self.patience)
            if ready == 0 { return 0 }
            if ready > 0 {
                let end = isRegular ? bytes.count : min(bytes.count, start + Self.pieceSize)
                let count = bytes.withUnsafeBytes { buffer in
                    Self.put(UnsafeRawBufferPointer(rebasing: buffer[start..<end]), to: descriptor)
                }
                if count >= 0 { return count }
            }
            let number = errno
            if number == EAGAIN { return 0 }
            guard number == EINTR else { return -Int(number) }
        }
    }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func openFile(_ path: String) -> Int32 {
        // A pipe without a reader is refused and not waited for.
        open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o640)
    }

    private static func put(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        #if canImport(Darwin)
        Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func shut(_ descriptor: Int32) {
        #if canImport(Darwin)
        _ = Darwin.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #else
        _ = Glibc.close(descriptor)
        #endif
    }

    private static func text(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
