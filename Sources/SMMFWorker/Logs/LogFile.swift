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

/// An instance's output on disk: one file of bounded size and the one before it, with `.1` at the end of its name.
///
/// Output must never stop an engine: what cannot be written, as on a full disk, is left out and counted.
struct LogFile: ~Copyable {
    private let path: String
    private let sizeLimit: Int
    private var file: FileDescriptor?
    private var size = 0
    /// Lines that could not be written.
    private(set) var dropped = 0

    /// Opens a file to append to; it is made when the first line comes.
    init(path: String, sizeLimit: Int = 8 << 20) {
        self.path = path
        self.sizeLimit = sizeLimit
    }

    deinit {
        try? file?.close()
    }

    /// Writes lines, each with a line feed.
    mutating func append(_ lines: [String]) {
        var bytes: [UInt8] = []
        for line in lines {
            bytes.append(contentsOf: line.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        if size > 0, size + bytes.count > sizeLimit { rotate() }
        do {
            let file = try opened()
            size += try file.writeAll(bytes)
        } catch {
            dropped += lines.count
        }
    }

    private mutating func opened() throws -> FileDescriptor {
        if let file { return file }
        let opened = try FileDescriptor.open(
            FilePath(path),
            .writeOnly,
            options: [.create, .append, .closeOnExec],
            permissions: [.ownerReadWrite]
        )
        size = Int(try opened.seek(offset: 0, from: .end))
        file = opened
        return opened
    }

    private mutating func rotate() {
        try? file?.close()
        file = nil
        size = 0
        rename(path, path + ".1")
    }
}
