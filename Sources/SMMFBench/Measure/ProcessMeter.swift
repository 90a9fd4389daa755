// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads what processes have used, from Linux's `/proc`.
public struct ProcessMeter: Sendable, Hashable {
    /// What processes have used until now.
    public struct Reading: Sendable, Hashable {
        /// Time on a CPU of all threads that live, in nanoseconds.
        public var cpu = 0
        /// Resident memory in bytes.
        public var resident = 0
    }

    private let processes: [Int32]

    /// A meter of the sum of `processes`.
    ///
    /// Throws ``SMMFError`` when one of them cannot be read.
    public init(_ processes: [Int32]) throws(SMMFError) {
        self.processes = processes
        for process in processes where Self.reading(of: process) == nil {
            throw SMMFError(
                .configuration,
                "Process \(process) cannot be read under /proc.",
                field: "--pid",
                nextStep: "Name a running process of this Linux machine that you may look at."
            )
        }
    }

    /// What they have used; a process that has ended counts nothing.
    public func read() -> Reading {
        var sum = Reading()
        for process in processes {
            guard let reading = Self.reading(of: process) else { continue }
            sum.cpu += reading.cpu
            sum.resident += reading.resident
        }
        return sum
    }

    private static func reading(of process: Int32) -> Reading? {
        guard let pages = numbers("/proc/\(process)/statm"), pages.count > 1 else { return nil }
        return Reading(cpu: cpu(of: process), resident: pages[1] * Int(sysconf(Int32(_SC_PAGESIZE))))
    }

    /// The scheduler's own account of each thread, which is exact where ticks are not.
    private static func cpu(of process: Int32) -> Int {
        guard let folder = opendir("/proc/\(process)/task") else { return 0 }
        defer { closedir(folder) }
        var sum = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let thread = Int32(name) else { continue }
            sum += numbers("/proc/\(process)/task/\(thread)/schedstat")?.first ?? 0
        }
        return sum
    }

    /// The numbers in a small file that has nothing else.
    private static func numbers(_ path: String) -> [Int]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = fread(&bytes, 1, bytes.count, file)
        guard count > 0 else { return nil }
        return bytes[..<count].split { $0 <= UInt8(ascii: " ") }.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    }
}
