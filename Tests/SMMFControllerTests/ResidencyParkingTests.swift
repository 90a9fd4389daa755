// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFController

@Suite("Which models on demand are parked")
struct ResidencyParkingTests {
    private let names = ["a", "b", "c", "d", "e"].compactMap { try? ModelName($0) }
    private let one = Residency.onlyWorker

    private func model(
        _ index: Int,
        bytes: Int = 4,
        load: Int = 3,
        live: Bool = false,
        keeps: Int? = nil,
        parkedSize: Int? = 1
    ) -> Residency.Model {
        Residency.Model(
            name: names[index],
            bytes: bytes,
            unloadAfter: .seconds(60),
            loadTime: .seconds(load),
            live: live ? [one: 1] : [:],
            parks: true,
            parkedSize: parkedSize.map { MemoryAmount(main: $0) },
            parked: keeps.map { [one: MemoryAmount(main: $0)] } ?? [:]
        )
    }

    private func report(_ index: Int, inFlight: Int = 0, waiting: Int = 0) -> DemandReport {
        DemandReport(entries: [.init(model: names[index], inFlight: inFlight, waiting: waiting)])
    }

    @Test("one that is idle may stay parked, and is woken by the next request where it fits")
    func idle() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .zero)
        #expect(residency.decide([model(0)], budget: 6, at: .zero) == [names[0]])
        #expect(residency.decide([model(0, live: true)], budget: 6, at: .seconds(61)).isEmpty)
        #expect(residency.mayPark(names[0], on: one))
        residency.note(report(0, waiting: 1), at: .seconds(70))
        // What it keeps is part of what it needs.
        #expect(residency.decide([model(0, keeps: 3)], budget: 4, at: .seconds(70)) == [names[0]])
    }

    @Test("parked ones end before anything in memory has to go, the cheapest first")
    func parkedFirst() {
        var residency = Residency()
        for index in 0..<3 { residency.note(report(index, inFlight: 1), at: .zero) }
        residency.note(report(0, waiting: 1), at: .zero)
        _ = residency.decide([model(0), model(1, keeps: 2), model(2, keeps: 2)], budget: 10, at: .zero)
        residency.note(report(3, waiting: 1), at: .seconds(20))
        let present = [model(0, live: true), model(1, load: 9, keeps: 2), model(2, load: 1, keeps: 2), model(3)]
        #expect(residency.decide(present, budget: 10, at: .seconds(20)) == [names[0]])
        #expect(!residency.mayPark(names[2], on: one), "it is the cheapest to bring back")
        #expect(residency.mayPark(names[1], on: one), "enough comes free without it")
        residency.note(report(3, waiting: 1), at: .seconds(21))
        let after = [model(0, live: true), model(1, load: 9, keeps: 2), model(2), model(3)]
        #expect(residency.decide(after, budget: 10, at: .seconds(21)) == [names[0], names[3]])
        #expect(residency.mayPark(names[2], on: one), "it has gone, and may be parked another time")
    }

    @Test("one that makes room is parked where enough comes free all the same, and ended where not")
    func makingRoom() {
        for (kept, parks) in [(1, true), (3, false), (nil, false)] as [(Int?, Bool)] {
            var residency = Residency()
            residency.note(report(0, waiting: 1), at: .zero)
            _ = residency.decide([model(0, parkedSize: kept), model(1)], budget: 6, at: .zero)
            residency.note(report(1, waiting: 1), at: .seconds(20))
            let present = [model(0, live: true, parkedSize: kept), model(1)]
            #expect(residency.decide(present, budget: 6, at: .seconds(20)).isEmpty)
            #expect(residency.mayPark(names[0], on: one) == parks, "\(String(describing: kept))")
        }
    }

    @Test("over any life, no worker is overcommitted, and nobody waits for ever")
    func never() {
        enum State { case absent, live, leaving, parked }
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var residency = Residency()
            let sizes = names.map { _ in Int.random(in: 1...5, using: &generator) }
            let kept = sizes.map { Int.random(in: 0...$0, using: &generator) }
            let budget = 8
            var states = names.map { _ in State.absent }
            var seenParked = names.map { _ in false }
            var waitingSince: [Int: Int] = [:]
            for tick in 0..<600 {
                let now = Duration.milliseconds(tick * 500)
                for index in names.indices where Int.random(in: 0..<8, using: &generator) == 0 && tick < 500 {
                    if states[index] != .live, waitingSince[index] == nil { waitingSince[index] = tick }
                }
                for (index, since) in waitingSince {
                    residency.note(report(index, waiting: 1), at: now)
                    #expect(tick - since < 200, "seed \(seed): \(names[index]) waits for ever")
                }
                let models = names.indices.map {
                    model(
                        $0,
                        bytes: sizes[$0],
                        live: states[$0] == .live || states[$0] == .leaving,
                        keeps: states[$0] == .parked ? kept[$0] : nil,
                        parkedSize: seenParked[$0] ? kept[$0] : nil
                    )
                }
                let residents = residency.decide(models, budget: budget, at: now)
                for index in names.indices {
                    if residents.contains(names[index]) {
                        states[index] = .live
                        if waitingSince.removeValue(forKey: index) != nil {
                            residency.note(report(index, inFlight: 0), at: now)
                        }
                    } else if states[index] == .live {
                        states[index] = .leaving
                    } else if states[index] == .leaving, Bool.random(using: &generator) {
                        let mayPark = residency.mayPark(names[index], on: one)
                        states[index] = mayPark ? .parked : .absent
                        if mayPark { seenParked[index] = true }
                    } else if states[index] == .parked, !residency.mayPark(names[index], on: one) {
                        states[index] = .absent
                    }
                }
                let taken = names.indices.reduce(0) { sum, index in
                    switch states[index] {
                    case .absent: sum
                    case .live, .leaving: sum + sizes[index]
                    case .parked: sum + kept[index]
                    }
                }
                #expect(taken <= budget, "seed \(seed), tick \(tick)")
            }
        }
    }
}
