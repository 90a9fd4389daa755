// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFController

@Suite("Which models on demand are in memory")
struct ResidencyTests {
    private let names = ["a", "b", "c", "d", "e", "f"].map { try? ModelName($0) }.compactMap { $0 }

    private func model(_ index: Int, live: Bool = false, bytes: Int = 4, load: Int = 3) -> Residency.Model {
        Residency.Model(
            name: names[index],
            bytes: bytes,
            unloadAfter: .seconds(60),
            loadTime: .seconds(load),
            live: live ? [Residency.onlyWorker: 1] : [:]
        )
    }

    private func report(_ index: Int, inFlight: Int = 0, waiting: Int = 0) -> DemandReport {
        DemandReport(entries: [.init(model: names[index], inFlight: inFlight, waiting: waiting)])
    }

    /// Tells what an API Server would: what is in use or waited for, and what was a moment ago.
    private func tell(_ world: SwapWorld, _ told: inout Set<Int>, _ residency: inout Residency, at now: Duration) {
        let active = Set(names.indices.filter { world.inFlight($0) > 0 || world.waiting($0) > 0 })
        for index in active.union(told).sorted() {
            residency.note(report(index, inFlight: world.inFlight(index), waiting: world.waiting(index)), at: now)
        }
        told = active
    }

    @Test("a request loads a model, and its own idle time unloads it")
    func onDemand() {
        var residency = Residency()
        #expect(residency.decide([model(0)], budget: nil, at: .seconds(0)).isEmpty)
        residency.note(report(0, waiting: 1), at: .seconds(1))
        #expect(residency.isAwaited(names[0], at: .seconds(1)))
        #expect(residency.decide([model(0)], budget: nil, at: .seconds(1)) == [names[0]])
        #expect(!residency.isAwaited(names[0], at: .seconds(1)))
        residency.note(report(0, inFlight: 1), at: .seconds(50))
        #expect(residency.decide([model(0, live: true)], budget: nil, at: .seconds(109)) == [names[0]])
        #expect(residency.decide([model(0, live: true)], budget: nil, at: .seconds(110)).isEmpty)
    }

    @Test("a client that has gone loads nothing any more")
    func staleWaiting() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .seconds(1))
        #expect(residency.decide([model(0)], budget: nil, at: .seconds(4)).isEmpty)
    }

    @Test("memory is given only once it is free, and nothing that works is ended for it")
    func swap() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .seconds(0))
        #expect(residency.decide([model(0), model(1)], budget: 6, at: .seconds(0)) == [names[0]])
        // It has just come, and then it works.
        residency.note(report(1, waiting: 1), at: .seconds(1))
        #expect(residency.decide([model(0, live: true), model(1)], budget: 6, at: .seconds(1)) == [names[0]])
        for second in 2..<8 {
            residency.note(report(0, inFlight: 2), at: .seconds(second))
            residency.note(report(1, waiting: 1), at: .seconds(second))
            #expect(residency.decide([model(0, live: true), model(1)], budget: 6, at: .seconds(second)) == [names[0]])
        }
        // It rests: out with it, and in with the other once it has gone.
        residency.note(report(1, waiting: 1), at: .seconds(11))
        #expect(residency.decide([model(0, live: true), model(1)], budget: 6, at: .seconds(11)).isEmpty)
        residency.note(report(1, waiting: 1), at: .seconds(12))
        #expect(residency.decide([model(0, live: true), model(1)], budget: 6, at: .seconds(12)).isEmpty)
        #expect(residency.decide([model(0), model(1)], budget: 6, at: .seconds(13)) == [names[1]])
    }

    @Test("a request that has waited too long lets even a busy model finish and go")
    func patience() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .seconds(0))
        _ = residency.decide([model(0), model(1)], budget: 6, at: .seconds(0))
        var leftAt: Int?
        for second in 1..<60 where leftAt == nil {
            residency.note(report(0, inFlight: 1), at: .seconds(second))
            residency.note(report(1, waiting: 1), at: .seconds(second))
            let residents = residency.decide([model(0, live: true), model(1)], budget: 6, at: .seconds(second))
            if residents.isEmpty { leftAt = second }
        }
        // The stay and the patience of ten seconds, from when it began to wait.
        #expect(leftAt == 12)
    }

    @Test("what can never fit is said and disturbs nobody")
    func tooLarge() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .seconds(0))
        _ = residency.decide([model(0), model(1, bytes: 9)], budget: 6, at: .seconds(0))
        residency.note(report(1, waiting: 1), at: .seconds(20))
        let residents = residency.decide([model(0, live: true), model(1, bytes: 9)], budget: 6, at: .seconds(20))
        #expect(residents == [names[0]] && residency.notices[names[1]] != nil)
    }

    @Test("at no moment of a random life is more in memory than there is, and nobody waits for ever")
    func neverOvercommitted() {
        for seed in 0..<40 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let sizes = names.map { _ in Int.random(in: 1...5, using: &generator) }
            var world = SwapWorld(sizes: sizes, loadTimes: sizes, budget: 8)
            var residency = Residency()
            var told: Set<Int> = []
            var longest = 0
            for tick in 0..<2000 {
                // Ten ticks a second; a request now and then, for a second.
                if Int.random(in: 0..<4, using: &generator) == 0, tick < 1500 {
                    world.ask(Int.random(in: 0..<names.count, using: &generator))
                }
                world.step { world, now in
                    tell(world, &told, &residency, at: now)
                    let models = names.indices.map {
                        model($0, live: world.isLive($0), bytes: sizes[$0], load: sizes[$0])
                    }
                    let residents = residency.decide(models, budget: 8, at: now)
                    return Set(names.indices.filter { residents.contains(names[$0]) })
                }
                #expect(world.memory <= 8, "seed \(seed), tick \(tick)")
                longest = max(longest, world.longestWait)
            }
            #expect(world.queued == 0, "seed \(seed): somebody waits for ever")
            #expect(longest < 900, "seed \(seed): somebody waited \(longest) ticks")
        }
    }

    @Test("a mixed trace over six models waits less than first come, first loaded")
    func againstFirstComeFirstServed() {
        var means: [String: Double] = [:]
        var tails: [String: Int] = [:]
        for rule in ["fifo", "ours"] {
            var waits: [Int] = []
            for seed in 0..<10 as Range<UInt64> {
                waits += trace(seed: seed, isOurs: rule == "ours")
            }
            let sorted = waits.sorted()
            means[rule] = Double(waits.reduce(0, +)) / Double(waits.count) / 10
            tails[rule] = sorted[sorted.count * 95 / 100]
        }
        // Printed, so that the note can have the figures.
        print(
            "swap trace: mean wait \(means["fifo"] ?? 0) s by FIFO, \(means["ours"] ?? 0) s by ours; p95 in tenths \(tails)"
        )
        #expect((means["ours"] ?? 1) < (means["fifo"] ?? 0))
        #expect((tails["ours"] ?? 1) <= (tails["fifo"] ?? 0))
    }

    /// The waits of all requests of a trace in which two of six models are asked for most, in memory for three.
    private func trace(seed: UInt64, isOurs: Bool) -> [Int] {
        var generator = SeededGenerator(seed: seed)
        var world = SwapWorld(sizes: Array(repeating: 1, count: 6), loadTimes: [4, 4, 4, 2, 2, 2], budget: 3)
        var residency = Residency()
        var told: Set<Int> = []
        let popularity = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5]
        for tick in 0..<6000 {
            if Int.random(in: 0..<12, using: &generator) == 0, tick < 5400 {
                world.ask(popularity.randomElement(using: &generator) ?? 0)
            }
            world.step { world, now in
                guard isOurs else { return world.firstComeFirstServed() }
                tell(world, &told, &residency, at: now)
                let models = names.indices.map {
                    model($0, live: world.isLive($0), bytes: 1, load: world.loadTimes[$0])
                }
                let residents = residency.decide(models, budget: 3, at: now)
                return Set(names.indices.filter { residents.contains(names[$0]) })
            }
        }
        return world.waits
    }
}

extension Residency {
    static let onlyWorker = WorkerID("w")

    /// Decides for one worker.
    mutating func decide(_ models: [Model], budget: Int?, at now: Duration) -> Set<ModelName> {
        Set(decide(models, budgets: [Self.onlyWorker: budget], at: now).keys)
    }
}
