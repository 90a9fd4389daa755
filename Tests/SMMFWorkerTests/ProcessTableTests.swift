// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFWorker

@Suite("The table of processes")
struct ProcessTableTests {
    @Test("A command with spaces and brackets in its name does not confuse the reading")
    func stat() throws {
        let text = "12 (a) b (c)) S 7 12 12 0 -1 4194304 100 0 0 0 30 12 5 5 20 0 1 0 99 1000 10"
        let row = try #require(ProcessTable.Row(id: 12, stat: text))
        #expect(row == ProcessTable.Row(id: 12, parent: 7, ticks: 42, pages: 10, isZombie: false))
        #expect(ProcessTable.Row(id: 12, stat: "12 (x) Z 7 0 0 0 0 0 0 0 0 0 1 1")?.isZombie == true)
        for broken in ["", "12", "12 (x)", "12 (x) S", "12 (x) S y 1 1 1 1 1 1 1 1 1 1 1"] {
            #expect(ProcessTable.Row(id: 12, stat: broken) == nil)
        }
    }

    @Test("Time is added up over all that descend, and a ring of parents ends")
    func ticks() {
        let parents: [Int32: Int32] = [2: 1, 3: 2, 4: 3, 5: 1, 6: 7, 7: 6]
        let rows = parents.map {
            ProcessTable.Row(id: $0.key, parent: $0.value, ticks: UInt64($0.key), pages: 1, isZombie: false)
        }
        let table = ProcessTable(rows: Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) }))
        #expect(table.ticks(under: 2) == 9)
        #expect(table.ticks(under: 5) == 5)
        #expect(table.ticks(under: 100) == 0)
        #expect(table.ticks(under: 6) == 13)
    }
}
