// SPDX-License-Identifier: MIT

import SMMFWire
import Testing

@testable import SMMFGateway

@Suite struct ResponseMemoryTests {
    private func response(_ text: String, size: Int = 10) -> StoredResponse {
        StoredResponse(conversation: [ChatMessage(.user, text: text)], document: .string(text), size: size)
    }

    @Test func whatOneKeyKeepsIsNoneOfAnothers() {
        let memory = ResponseMemory()
        memory.keep(response("a"), as: "1", of: "mine")
        #expect(memory.response("1", of: "mine") == response("a"))
        #expect(memory.response("1", of: "yours") == nil)
        #expect(memory.response("1", of: nil) == nil)
        #expect(!memory.remove("1", of: "yours"))
        #expect(memory.remove("1", of: "mine"))
        #expect(memory.response("1", of: "mine") == nil)
    }

    @Test func theOldestMakeRoom() {
        let memory = ResponseMemory(byteLimit: 100, countLimit: 1_000)
        for index in 0..<20 { memory.keep(response("\(index)"), as: "\(index)", of: nil) }
        #expect((0..<20).map { memory.response("\($0)", of: nil) != nil } == (0..<20).map { $0 >= 10 })
        // One that is kept again is new again.
        memory.keep(response("again"), as: "10", of: nil)
        memory.keep(response("new"), as: "new", of: nil)
        #expect(memory.response("10", of: nil) == response("again"))
        #expect(memory.response("11", of: nil) == nil)
        memory.keep(response("huge", size: 26), as: "huge", of: nil)
        #expect(memory.response("huge", of: nil) == nil)
    }

    @Test func theirNumberIsBounded() {
        let memory = ResponseMemory(countLimit: 3)
        for index in 0..<5_000 { memory.keep(response("\(index)"), as: "\(index)", of: nil) }
        #expect(memory.response("4996", of: nil) == nil)
        #expect(memory.response("4997", of: nil) != nil)
    }
}
