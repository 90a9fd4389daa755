// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

@Suite("Who has what of a machine")
struct ResourceDeskTests {
    private static let cards = (0..<4).map { Device(index: $0, uuid: "GPU-\($0)", name: "L4", memory: 24 << 30) }

    private func id(_ text: String) -> InstanceID { InstanceID(text) }

    @Test("cores by number are those that fewest have")
    func cores() throws {
        var desk = ResourceDesk(cores: [0, 1, 2, 3])
        let two = ResourceLimits(cores: .count(2))
        #expect(try desk.take(two, for: id("a"), devices: []).cores == [0, 1])
        #expect(try desk.take(two, for: id("b"), devices: []).cores == [2, 3])
        #expect(try desk.take(ResourceLimits(cores: .list([0, 3])), for: id("c"), devices: []).cores == [0, 3])
        #expect(try desk.take(two, for: id("d"), devices: []).cores == [1, 2])
        desk.giveBack(id("b"))
        #expect(try desk.take(two, for: id("e"), devices: []).cores == [2, 3])
    }

    @Test("cards by number are nobody else's, and come free when their instance ends")
    func devices() throws {
        var desk = ResourceDesk(cores: [0])
        let two = ResourceLimits(devices: .count(2))
        #expect(try desk.take(two, for: id("a"), devices: Self.cards).devices == [0, 1])
        #expect(try desk.take(two, for: id("b"), devices: Self.cards).devices == [2, 3])
        let taken = #expect(throws: InstanceFailure.self) { try desk.take(two, for: id("c"), devices: Self.cards) }
        #expect(taken?.kind == .resourcesTaken && taken?.kind.isPermanent == false)
        #expect(taken?.message.contains("a, b") == true)
        // Asking again is no second asking.
        #expect(try desk.take(two, for: id("a"), devices: Self.cards).devices == [0, 1])
        desk.giveBack(id("b"))
        #expect(try desk.take(two, for: id("c"), devices: Self.cards).devices == [2, 3])
    }

    @Test("cards are named by number or by their long name, and may be shared then")
    func named() throws {
        var desk = ResourceDesk(cores: [0])
        let limits = ResourceLimits(devices: .list(["1", "GPU-3"]))
        #expect(try desk.take(limits, for: id("a"), devices: Self.cards).devices == [1, 3])
        #expect(try desk.take(limits, for: id("b"), devices: Self.cards).devices == [1, 3])
        let free = ResourceLimits(devices: .count(2))
        #expect(try desk.take(free, for: id("c"), devices: Self.cards).devices == [0, 2])
    }

    @Test(
        "what a machine does not have is refused by the field's name",
        arguments: [
            (ResourceLimits(cores: .list([0, 7])), "limits.cores names core 7, and this worker has 0-1"),
            (ResourceLimits(cores: .count(3)), "limits.cores asks for 3 cores, and this worker has 2"),
            (ResourceLimits(devices: .list(["9"])), "limits.devices names 9, and this machine has 0, 1, 2, 3"),
            (ResourceLimits(devices: .count(5)), "limits.devices asks for 5 cards, and this machine has 4"),
        ]
    )
    func refusals(limits: ResourceLimits, message: String) {
        var desk = ResourceDesk(cores: [0, 1])
        let failure = #expect(throws: InstanceFailure.self) {
            try desk.take(limits, for: id("a"), devices: Self.cards)
        }
        #expect(failure?.message.hasPrefix(message) == true && failure?.kind == .badArgument)
        #expect(desk.allotment(of: id("a")) == nil)
    }

    @Test("a machine without cards says so")
    func noCards() {
        var desk = ResourceDesk(cores: [0])
        let failure = #expect(throws: InstanceFailure.self) {
            try desk.take(ResourceLimits(devices: .count(1)), for: id("a"), devices: [])
        }
        #expect(failure?.message.contains("no graphics card") == true)
    }

    @Test("over any life of takings, no card asked for by number has two owners")
    func never() {
        for seed in 0..<100 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var desk = ResourceDesk(cores: [0, 1])
            var owners: [InstanceID: [Int]] = [:]
            for _ in 0..<200 {
                let who = id("i\(Int.random(in: 0..<8, using: &generator))")
                desk.giveBack(who)
                owners[who] = nil
                guard Bool.random(using: &generator) else { continue }
                let limits = ResourceLimits(devices: .count(Int.random(in: 1...3, using: &generator)))
                owners[who] = try? desk.take(limits, for: who, devices: Self.cards).devices
                let all = owners.values.flatMap { $0 }
                #expect(Set(all).count == all.count, "seed \(seed)")
            }
        }
    }
}
