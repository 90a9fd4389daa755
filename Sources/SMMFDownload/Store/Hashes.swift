// SPDX-License-Identifier: MIT

import Crypto
import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Hashes of names and of files.
enum Hashes {
    /// Sixteen letters that stand for a text in a file's name.
    static func shortName(of text: String) -> String { String(hex(SHA256.hash(data: Array(text.utf8))).prefix(16)) }

    /// What a file's content is by the kind of `digest`, read from the disk. `onBytes` hears of each piece and is the
    /// place to end early, by throwing.
    static func digest(like digest: FileDigest, of path: String, onBytes: (Int) throws -> Void) throws -> FileDigest? {
        switch digest {
        case .sha256:
            var hash = SHA256()
            _ = try read(path, onBytes) { hash.update(bufferPointer: $0) }
            return FileDigest(sha256: hex(hash.finalize()))
        case .git:
            var hash = Insecure.SHA1()
            hash.update(data: Array("blob \(Disk.size(of: path) ?? 0)\0".utf8))
            _ = try read(path, onBytes) { hash.update(bufferPointer: $0) }
            return FileDigest(git: hex(hash.finalize()))
        }
    }

    private static func read(
        _ path: String,
        _ onBytes: (Int) throws -> Void,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) throws -> Int {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Disk.error(errno, path) }
        defer { close(file) }
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { room.deallocate() }
        var total = 0
        while true {
            let count = systemRead(file, room)
            guard count >= 0 else { throw Disk.error(errno, path) }
            if count == 0 { return total }
            body(UnsafeRawBufferPointer(rebasing: room[..<count]))
            total += count
            try onBytes(count)
        }
    }

    private static func systemRead(_ file: Int32, _ room: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.read(file, room.baseAddress, room.count)
        #elseif canImport(Musl)
        Musl.read(file, room.baseAddress, room.count)
        #else
        Darwin.read(file, room.baseAddress, room.count)
        #endif
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        return bytes.reduce(into: "") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
