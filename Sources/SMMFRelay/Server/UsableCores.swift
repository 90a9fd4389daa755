// SPDX-License-Identifier: MIT

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The cores that this process may run on.
enum UsableCores {
    /// As many as the machine or container has, or fewer where the process is bound to some of them: a second event loop
    /// on the same core costs switches and gains nothing.
    static var count: Int {
        #if os(Linux)
        let bound = bound(inStatus: readStatus())
        return min(System.coreCount, bound == 0 ? Int.max : bound)
        #else
        return System.coreCount
        #endif
    }

    /// How many cores the mask of a `/proc/self/status` allows; 0 when it has none.
    static func bound(inStatus text: String) -> Int {
        let line = text.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
        return line?.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) } ?? 0
    }

    #if os(Linux)
    private static func readStatus() -> String {
        guard let file = fopen("/proc/self/status", "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
    #endif
}
