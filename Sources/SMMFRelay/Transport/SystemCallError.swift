// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A system call that failed.
struct SystemCallError: Error, Sendable, CustomStringConvertible {
    let call: String
    let number: Int32

    /// The call's result, or the error that it reports by a negative one.
    static func check(_ call: String, _ result: Int32) throws(SystemCallError) -> Int32 {
        guard result >= 0 else { throw SystemCallError(call: call, number: errno) }
        return result
    }

    /// What an error number means, for a person.
    static func text(_ number: Int32) -> String {
        switch number {
        case ECONNREFUSED: "connection refused"
        case ETIMEDOUT: "no answer to the connection request"
        case ENOENT: "there is no such socket"
        case EAGAIN: "its queue of connections is full"
        case EADDRINUSE: "the port is taken"
        case EMFILE, ENFILE: "this process has no file descriptors left; raise its limit (ulimit -n)"
        default: strerror(number).map { String(cString: $0) } ?? "error \(number)"
        }
    }

    var description: String { "\(call): \(Self.text(number))" }
}
