// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Logs of instances")
struct LogTests {
    @Test("A ring holds what a plain list would, within its bounds", arguments: 1...60)
    func ringAgainstModel(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let (lineLimit, byteLimit) = (
            Int.random(in: 1...8, using: &generator), Int.random(in: 1...40, using: &generator)
        )
        var ring = LogRing(lineLimit: lineLimit, byteLimit: byteLimit)
        var all: [String] = []
        for _ in 0..<100 {
            let line = String(repeating: "x", count: Int.random(in: 0...20, using: &generator))
            ring.append(line)
            all.append(line)
            #expect(ring.last == all.count)
            let kept = ring.lines(after: 0, limit: .max)
            #expect(kept.lines == Array(all.suffix(ring.last - ring.first + 1)))
            #expect(kept.lines.count <= lineLimit)
            #expect(kept.lines.count == 1 || kept.lines.map(\.utf8.count).reduce(0, +) <= byteLimit)
            let after = Int.random(in: -2...110, using: &generator)
            let limit = Int.random(in: 0...5, using: &generator)
            let page = ring.lines(after: after, limit: limit)
            let start = max(min(after, ring.last) + 1, ring.first)
            #expect(page.first == start)
            #expect(page.lines == (start...(start + limit)).dropLast().filter { $0 <= all.count }.map { all[$0 - 1] })
        }
    }

    @Test("A follower that goes on from the last number misses nothing and sees nothing twice")
    func following() {
        let log = InstanceLog(path: "/dev/null")
        var seen: [String] = []
        var after = 0
        for round in 0..<10 {
            log.append((0..<7).map { "\(round).\($0)" })
            while true {
                let page = log.page(after: after, limit: 3)
                seen += page.lines
                guard !page.lines.isEmpty else { break }
                #expect(page.first == after + 1)
                after = page.last
            }
        }
        #expect(seen == (0..<10).flatMap { round in (0..<7).map { "\(round).\($0)" } })
        #expect(log.page(after: 70, limit: 3) == LogPage(lines: [], first: 71, last: 70))
        #expect(log.page(after: .max, limit: .max) == LogPage(lines: [], first: 71, last: 70))
        #expect(log.page(after: .min, limit: .min) == LogPage(lines: [], first: 1, last: 0))
    }

    @Test("A file goes on where it was and makes room in one step")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.log")
        do {
            var file = LogFile(path: path, sizeLimit: 20)
            file.append(["12345", "6789"])
        }
        var file = LogFile(path: path, sizeLimit: 20)
        file.append(["again"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "12345\n6789\nagain\n")
        file.append(["next file"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "next file\n")
        #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "12345\n6789\nagain\n")
        #expect(file.dropped == 0)
    }

    @Test("A file that cannot be written is counted and stops nothing")
    func unwritable() {
        var file = LogFile(path: "/no/such/folder/a.log")
        file.append(["one", "two"])
        #expect(file.dropped == 2)
        let log = InstanceLog(path: "/dev/full")
        log.append(["kept in memory"])
        #expect(log.tail(1, after: 0) == ["kept in memory"])
    }

    @Test("File names are safe for any id, and old files go when there are too many")
    func folder() throws {
        let temporary = try TemporaryFolder()
        let logs = LogFolder(path: temporary.file("logs"))
        logs.create()
        #expect(logs.file(for: InstanceID("../../etc/passwd")) == "\(logs.path)/-.-..-etc-passwd.log")
        #expect(logs.file(for: InstanceID("a/b c.d-1")) == "\(logs.path)/a-b-c.d-1.log")
        for number in 0..<120 { try temporary.write("x", to: "logs/i\(number).log") }
        logs.prune(sparing: Set((0..<10).map { "\(logs.path)/i\($0).log" }))
        let left = try FileManager.default.contentsOfDirectory(atPath: logs.path)
        #expect(left.count == 110)
        #expect((0..<10).allSatisfy { left.contains("i\($0).log") })
    }
}
