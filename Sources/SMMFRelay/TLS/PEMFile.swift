// SPDX-License-Identifier: MIT

import NIOSSL
import SMMFCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A PEM file that a field of the configuration names; its errors name both.
struct PEMFile {
    let path: String
    let field: String

    /// The certificates in it, of which there must be one at least.
    func certificates() throws(SMMFError) -> [NIOSSLCertificate] {
        try requireReadable()
        do {
            let found = try NIOSSLCertificate.fromPEMFile(path)
            guard !found.isEmpty else { throw error("holds no certificate") }
            return found
        } catch let error as SMMFError {
            throw error
        } catch { throw self.error("holds no certificate that can be read") }
    }

    func privateKey() throws(SMMFError) -> NIOSSLPrivateKey {
        try requireReadable()
        do {
            return try NIOSSLPrivateKey(file: path, format: .pem)
        } catch { throw self.error("holds no private key that can be read; one with a passphrase cannot") }
    }

    private func requireReadable() throws(SMMFError) {
        guard access(path, R_OK) != 0 else { return }
        throw error("cannot be read: \(String(cString: strerror(errno)))")
    }

    func error(_ why: String) -> SMMFError {
        SMMFError(
            .configuration,
            "\(field) is \"\(path)\", which \(why).",
            field: field,
            nextStep: "Name a PEM file that this process can read."
        )
    }

    /// What tells one content of a file from the next: when it was written, how long it is, and which file it is. Nil when
    /// it is not there.
    static func stamp(of path: String) -> [Int64]? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        let inode = Int64(truncatingIfNeeded: status.st_ino)
        return [Int64(time.tv_sec), Int64(time.tv_nsec), Int64(status.st_size), inode]
    }
}
