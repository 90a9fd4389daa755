// SPDX-License-Identifier: MIT

import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A Unix socket that listens, and its file.
///
/// The loops share it, each with a descriptor of its own. Its mode lets the user and the group of this process connect.
struct UnixListener: Sendable {
    /// Why a socket could not be made.
    enum Trouble: Error, CustomStringConvertible {
        case taken, notASocket

        var description: String {
            switch self {
            case .taken: "another program listens there"
            case .notASocket: "there is a file of another kind"
            }
        }
    }

    private let path: String
    private let descriptor: Int32
    private let device: UInt64
    private let inode: UInt64

    /// Listens at `path`; a socket that nobody listens on, as a killed process leaves it, is replaced.
    init(_ path: String) throws {
        self.path = path
        let address = try SocketAddress(unixDomainSocketPath: path)
        try Self.removeStale(path, address)
        let descriptor = try SystemCallError.check("socket", Self.socket())
        do {
            _ = try SystemCallError.check("bind", address.withSockAddr { bind(descriptor, $0, socklen_t($1)) })
            // Nobody gets in between, as connections are refused until it listens.
            _ = try SystemCallError.check("chmod", chmod(path, 0o660))
            _ = try SystemCallError.check("listen", listen(descriptor, ListenSocket.backlog))
            var status = stat()
            _ = try SystemCallError.check("stat", stat(path, &status))
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(truncatingIfNeeded: status.st_ino)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    /// A descriptor of the socket for one loop, which closes it.
    func share() throws -> Int32 {
        let copy = try SystemCallError.check("fcntl", fcntl(descriptor, F_DUPFD_CLOEXEC, 0))
        _ = try SystemCallError.check("fcntl", fcntl(copy, F_SETFL, fcntl(copy, F_GETFL) | O_NONBLOCK))
        return copy
    }

    /// Ends listening, and removes the file unless another process has put its own there.
    func remove() {
        var status = stat()
        let isOurs =
            stat(path, &status) == 0 && UInt64(truncatingIfNeeded: status.st_dev) == device
            && UInt64(truncatingIfNeeded: status.st_ino) == inode
        if isOurs { unlink(path) }
        close(descriptor)
    }

    private static func removeStale(_ path: String, _ address: SocketAddress) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw Trouble.notASocket }
        let probe = try SystemCallError.check("socket", socket())
        defer { close(probe) }
        let result = address.withSockAddr { connect(probe, $0, socklen_t($1)) }
        guard result != 0, errno != EAGAIN else { throw Trouble.taken }
        guard errno == ECONNREFUSED else { throw SystemCallError(call: "connect", number: errno) }
        _ = try SystemCallError.check("unlink", unlink(path))
    }

    private static func socket() -> Int32 {
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        #if canImport(Darwin)
        let descriptor = Darwin.socket(AF_UNIX, kind, 0)
        #elseif canImport(Musl)
        let descriptor = Musl.socket(AF_UNIX, kind, 0)
        #else
        let descriptor = Glibc.socket(AF_UNIX, kind, 0)
        #endif
        if descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            // A probe must not wait where the queue of connections is full.
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        return descriptor
    }
}
