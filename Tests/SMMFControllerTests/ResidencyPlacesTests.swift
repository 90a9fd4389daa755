// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFController

@Suite("Which models on demand are in memory where")
struct ResidencyPlacesTests {
    private let names = ["a", "b", "c", "d"].compactMap { try? ModelName($0) }
    private let one = WorkerID("w1")
    private let two = WorkerID("w2")

    private func model(
        _ index: Int,
        bytes: Int? = 4,
        copies: Int = 1,
        pinned: Bool = false,
        live: [WorkerID: Int] = [:],
        able: Set<WorkerID>? = nil
    ) -> Residency.Model {
        Residency.Model(
            name: names[index],
            bytes: bytes,
            copies: copies,
            unloadAfter: .seconds(60),
            loadTime: .seconds(3),
            isPinned: pinned,
            live: live,
            able: able
        )
    }

    private func report(_ index: Int, inFlight: Int = 0, waiting: Int = 0, from server: String = "s") -> DemandReport {
        DemandReport(entries: [.init(model: names[index], inFlight: inFlight, waiting: waiting)], server: server)
    }

    @Test("each worker has a budget of its own, and models spread over them")
    func spread() {
        var residency = Residency()
        let budgets: [WorkerID: Int?] = [one: 6, two: 6]
        residency.note(report(0, waiting: 1), at: .zero)
        residency.note(report(1, waiting: 1), at: .zero)
        #expect(
            residency.decide([model(0), model(1)], budgets: budgets, at: .zero) == [
                names[0]: [one: 1], names[1]: [two: 1],
            ]
        )
        // Twelve are free in all, and never eight in one place.
        residency.note(report(2, waiting: 1), at: .seconds(1))
        let live = [model(0, live: [one: 1]), model(1, live: [two: 1])]
        let residents = residency.decide(live + [model(2, bytes: 8)], budgets: budgets, at: .seconds(1))
        #expect(residents.count == 2 && residency.notices[names[2]]?.contains("on a worker at the most") == true)
    }

    @Test("copies of a model go where there is room for each")
    func copies() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .zero)
        let budgets: [WorkerID: Int?] = [one: 9, two: 5]
        #expect(residency.decide([model(0, copies: 3)], budgets: budgets, at: .zero) == [names[0]: [one: 2, two: 1]])
        residency.note(report(1, waiting: 1), at: .zero)
        _ = residency.decide([model(1, copies: 4)], budgets: budgets, at: .zero)
        #expect(residency.notices[names[1]]?.contains("each of 4 copies") == true)
    }

    @Test("without a bound the copies spread, and a worker that cannot take them gets none")
    func unbounded() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .zero)
        residency.note(report(1, waiting: 1), at: .zero)
        let models = [model(0, copies: 2), model(1, copies: 2, able: [two])]
        let residents = residency.decide(models, budgets: [one: nil, two: nil], at: .zero)
        #expect(residents == [names[0]: [one: 1, two: 1], names[1]: [two: 2]])
        residency.note(report(2, waiting: 1), at: .zero)
        _ = residency.decide([model(2, able: [])], budgets: [one: nil], at: .zero)
        #expect(residency.notices[names[2]] == "no worker that can take it has joined")
    }

    @Test("what is pinned never makes room, whatever waits")
    func pinned() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .zero)
        _ = residency.decide([model(0, pinned: true)], budgets: [one: 6], at: .zero)
        let live = model(0, pinned: true, live: [one: 1])
        for second in 1..<50 {
            residency.note(report(1, waiting: 1), at: .seconds(second))
            #expect(residency.decide([live, model(1)], budgets: [one: 6], at: .seconds(second)).keys.first == names[0])
        }
        // Its own idle time still ends it.
        #expect(residency.decide([live], budgets: [one: 6], at: .seconds(61)).isEmpty)
    }

    @Test("a model of unknown size is loaded alone, and others come when its size is known")
    func unknownSize() {
        var residency = Residency()
        residency.note(report(0, waiting: 1), at: .zero)
        residency.note(report(1, waiting: 1), at: .zero)
        #expect(
            residency.decide([model(0, bytes: nil), model(1)], budgets: [one: 12], at: .zero) == [names[0]: [one: 1]]
        )
        let live = [one: 1]
        residency.note(report(0, inFlight: 1), at: .seconds(1))
        residency.note(report(1, waiting: 1), at: .seconds(1))
        let still = [model(0, bytes: nil, live: live), model(1)]
        #expect(residency.decide(still, budgets: [one: 12], at: .seconds(1)).count == 1)
        residency.note(report(1, waiting: 1), at: .seconds(2))
        #expect(residency.decide([model(0, live: live), model(1)], budgets: [one: 12], at: .seconds(2)).count == 2)
        // The other way about, one of unknown size waits until everything has gone.
        residency.note(report(2, waiting: 1), at: .seconds(30))
        let both = [model(0, live: live), model(1, live: live), model(2, bytes: nil)]
        #expect(residency.decide(both, budgets: [one: 12], at: .seconds(30)).isEmpty)
        residency.note(report(2, waiting: 1), at: .seconds(31))
        #expect(
            residency.decide([model(0), model(1), model(2, bytes: nil)], budgets: [one: 12], at: .seconds(31)) == [
                names[2]: live
            ]
        )
    }

    @Test(
        "what runs on a worker when a controller comes back goes on, and a lost worker's models are free to go elsewhere"
    )
    func takeOver() {
        var residency = Residency()
        let running = model(0, live: [one: 1])
        #expect(residency.decide([running], budgets: [one: 6, two: 6], at: .zero) == [names[0]: [one: 1]])
        #expect(residency.decide([running], budgets: [one: 6, two: 6], at: .seconds(59)).count == 1)
        residency.note(report(0, waiting: 1), at: .seconds(59))
        #expect(residency.decide([model(0)], budgets: [two: 6], at: .seconds(59)) == [names[0]: [two: 1]])
    }

    @Test("what several API servers tell adds up, and the silence of one is not the silence of all")
    func severalServers() {
        var book = DemandBook()
        let name = names[0]
        book.note(report(0, waiting: 2, from: "s1"), at: .seconds(1))
        book.note(report(0, inFlight: 3, from: "s2"), at: .milliseconds(1500))
        #expect(book.isAwaited(name, at: .milliseconds(1600)) && book.isBusy(name, at: .milliseconds(1600)))
        #expect(book.waitingSince(name) == .seconds(1), "the other's word does not end the wait")
        #expect(book.weight(of: name, at: .milliseconds(1500)) > 4.9)
        // The same word again is no new request.
        book.note(report(0, inFlight: 3, from: "s2"), at: .milliseconds(1700))
        #expect(book.weight(of: name, at: .milliseconds(1700)) < 5.1)
        book.note(report(0, inFlight: 1, from: "s1"), at: .seconds(2))
        #expect(!book.isAwaited(name, at: .seconds(2)))
        // One has gone silent; the other works.
        book.note(report(0, inFlight: 0, from: "s2"), at: .seconds(4))
        #expect(!book.isBusy(name, at: .seconds(4)))
    }

    @Test("two API servers keep a model that either uses")
    func twoServers() {
        var residency = Residency()
        residency.note(report(0, waiting: 1, from: "s1"), at: .zero)
        _ = residency.decide([model(0)], budgets: [one: 6], at: .zero)
        let live = model(0, live: [one: 1])
        for second in 1..<12 {
            // One server works, the other only asks now and then, and both want a second model.
            residency.note(report(0, inFlight: 1, from: "s1"), at: .seconds(second))
            if second.isMultiple(of: 3) { residency.note(report(0, inFlight: 0, from: "s2"), at: .seconds(second)) }
            residency.note(report(1, waiting: 1, from: "s2"), at: .seconds(second))
            let residents = residency.decide([live, model(1)], budgets: [one: 6], at: .seconds(second))
            #expect(residents.keys.first == names[0], "second \(second)")
        }
    }

    @Test("over any life on several workers, none is ever overcommitted")
    func never() {
        let workers = [one, two, WorkerID("w3")]
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var residency = Residency()
            let budgets = Dictionary(
                uniqueKeysWithValues: workers.map { ($0, Int?.some(Int.random(in: 4...10, using: &generator))) }
            )
            let sizes = names.map { _ in Int.random(in: 1...5, using: &generator) }
            let copies = names.map { _ in Int.random(in: 1...2, using: &generator) }
            var live: [Int: [WorkerID: Int]] = [:]
            for tick in 0..<400 {
                let now = Duration.milliseconds(tick * 500)
                for index in names.indices where Int.random(in: 0..<3, using: &generator) == 0 {
                    let (busy, waiting) = (
                        Int.random(in: 0...1, using: &generator), Int.random(in: 0...1, using: &generator)
                    )
                    residency.note(report(index, inFlight: busy, waiting: waiting), at: now)
                }
                let models = names.indices.map {
                    model($0, bytes: sizes[$0], copies: copies[$0], pinned: $0 == 0, live: live[$0] ?? [:])
                }
                let residents = residency.decide(models, budgets: budgets, at: now)
                for index in names.indices {
                    if let places = residents[names[index]] {
                        live[index] = places
                    } else if Int.random(in: 0..<3, using: &generator) == 0 {
                        // Going takes its time.
                        live[index] = nil
                    }
                }
                for worker in workers {
                    let taken = names.indices.reduce(0) { $0 + sizes[$1] * (live[$1]?[worker] ?? 0) }
                    #expect(taken <= (budgets[worker] ?? nil) ?? 0, "seed \(seed), tick \(tick)")
                }
            }
        }
    }
}
