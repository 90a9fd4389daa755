// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What this machine has, as far as it concerns this process.
struct MachineFacts: Sendable, Hashable {
    /// The processor cores that this process may use, by number.
    var cores: [Int]
    /// Bytes of main memory.
    var memory: Int?

    /// Looks at this machine.
    static func here() -> MachineFacts {
        let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
        let size = Int(sysconf(Int32(_SC_PAGESIZE)))
        let status = FileManager.default.contents(atPath: "/proc/self/status").map {
            String(decoding: $0, as: UTF8.self)
        }
        return MachineFacts(
            cores: status.flatMap(allowedCores) ?? Array(0..<max(1, ProcessInfo.processInfo.activeProcessorCount)),
            memory: pages > 0 && size > 0 ? pages * size : nil
        )
    }

    /// The list of `Cpus_allowed_list` in `/proc/<pid>/status` (proc_pid_status(5)).
    static func allowedCores(_ status: String) -> [Int]? {
        let mark = "Cpus_allowed_list:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(mark) }) else { return nil }
        return CoreRequest.parse(line.dropFirst(mark.count).filter { !$0.isWhitespace })
    }
}
