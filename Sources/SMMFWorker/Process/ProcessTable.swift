// SPDX-License-Identifier: MIT

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

/// The processes of this machine, as Linux shows them in `/proc`; elsewhere there are none to see.
struct ProcessTable: Sendable {
    /// One process.
    struct Row: Sendable, Hashable {
        var id: Int32
        var parent: Int32
        /// Processor time it has used, in ticks of the kernel's accounting clock (100 a second).
        var ticks: UInt64
        /// Pages of memory that it holds.
        var pages: Int
        /// Ended, and only waiting for its parent to look.
        var isZombie: Bool
    }

    let rows: [Int32: Row]

    /// Reads all processes once.
    static func current() -> ProcessTable {
        var rows: [Int32: Row] = [:]
        for id in identifiers() {
            if let text = contents(of: id, "stat").map({ String(decoding: $0, as: UTF8.self) }) {
                rows[id] = Row(id: id, stat: text)
            }
        }
        return ProcessTable(rows: rows)
    }

    /// Processor ticks of a process and all that descend from it.
    func ticks(under root: Int32) -> UInt64 {
        var total: UInt64 = 0
        for row in rows.values where descends(row, from: root) {
            total &+= row.ticks
        }
        return total
    }

    /// Bytes of memory that a process and all that descend from it hold; pages that they share count for each.
    func memory(under root: Int32) -> Int {
        let pages = rows.values.reduce(0) { descends($1, from: root) ? $0 &+ $1.pages : $0 }
        return pages &* Self.pageSize
    }

    /// The numbers of a process and all that descend from it.
    func family(under root: Int32) -> Set<Int32> {
        Set(rows.values.filter { descends($0, from: root) }.map(\.id))
    }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    private func descends(_ row: Row, from root: Int32) -> Bool {
        var current = row
        // The table is no atomic picture of the system, so a chain of parents must not be trusted to end.
        for _ in 0..<64 {
            if current.id == root { return true }
            guard let parent = rows[current.parent], parent.id != current.id else { return false }
            current = parent
        }
        return false
    }

    /// The ids of all processes.
    static func identifiers() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }
    }

    /// The values of environment variables that a process was started with; nil when it is gone or not ours to read.
    static func environment(of id: Int32) -> [Substring]? {
        guard let data = contents(of: id, "environ") else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\0")
    }

    private static func contents(of id: Int32, _ file: String) -> Data? {
        FileManager.default.contents(atPath: "/proc/\(id)/\(file)")
    }
}

extension ProcessTable.Row {
    /// Reads `/proc/<pid>/stat` (proc_pid_stat(5)); the command in it may hold spaces and brackets.
    init?(id: Int32, stat: String) {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let parent = Int32(fields[1]),
            let user = UInt64(fields[11]), let system = UInt64(fields[12])
        else { return nil }
        let pages = fields.count > 21 ? max(0, Int(fields[21]) ?? 0) : 0
        self.init(id: id, parent: parent, ticks: user &+ system, pages: pages, isZombie: fields[0] == "Z")
    }
}
