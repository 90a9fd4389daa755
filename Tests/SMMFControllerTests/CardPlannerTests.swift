// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFController

@Suite("Graphics memory for models on demand")
struct CardPlannerTests {
    private let names = ["a", "b", "c", "d"].compactMap { try? ModelName($0) }
    private let one = WorkerID("w1")
    private static let gigabyte = 1 << 30

    /// A worker whose cards have 24 GB each, of which so many GB are in use.
    private func worker(_ used: [Int], _ instances: [Instance] = []) -> Reconciler.WorkerView {
        let devices = used.enumerated().map { index, used in
            Device(
                index: index,
                uuid: "GPU-\(index)",
                name: "NVIDIA L4",
                memory: 24 * Self.gigabyte,
                used: used * Self.gigabyte
            )
        }
        return Reconciler.WorkerView(
            id: one,
            engines: ["vllm"],
            instances: instances,
            devices: devices,
            isReachable: true
        )
    }

    private func instance(_ index: Int, _ state: InstanceState = .ready, cards: [Int: Int]?) -> Instance {
        var instance = Instance(id: InstanceID("i\(index)"), model: names[index], worker: one, state: state)
        instance.cardMemory = cards?.mapValues { $0 * Self.gigabyte }
        return instance
    }

    private func spec(_ limits: DeviceRequest? = nil, tensorParallel: Int? = nil, share: Double? = nil) -> EngineSpec {
        EngineSpec(
            engine: "vllm",
            source: "m",
            tensorParallel: tensorParallel,
            memoryShare: share,
            limits: ResourceLimits(devices: limits)
        )
    }

    private func budgets(_ planner: inout CardPlanner, _ worker: Reconciler.WorkerView, _ ours: [Int]) -> [Int: Int] {
        planner.budgets(worker, onDemand: Set(ours.map { names[$0] })).mapValues { $0 / Self.gigabyte }
    }

    @Test("a card has what its driver says, less what is not ours to unload")
    func budget() {
        var planner = CardPlanner()
        #expect(budgets(&planner, worker([1, 0]), [0]) == [0: 23, 1: 24])
        // One that is always loaded, and one on demand.
        let both = [instance(0, cards: [0: 10]), instance(1, cards: [0: 5])]
        #expect(budgets(&planner, worker([16, 0], both), [0]) == [0: 18, 1: 24])
        // While something comes or goes the driver's number is no help, and what was seen last counts.
        let rising = [instance(0, .loading, cards: nil), instance(1, cards: [0: 5])]
        #expect(budgets(&planner, worker([12, 0], rising), [0]) == [0: 18, 1: 24])
        #expect(budgets(&planner, worker([6, 0], [instance(1, cards: [0: 5])]), [0]) == [0: 18, 1: 24])
        // Cards without memory of their own are not planned.
        var unified = worker([])
        unified.devices = [Device(index: 0, name: "NVIDIA GB10")]
        #expect(budgets(&planner, unified, [0]) == [:])
        #expect(budgets(&planner, worker([]), [0]) == [:])
    }

    @Test("what a model takes is measured, or predicted for the cards that its engine goes to")
    func need() {
        var planner = CardPlanner()
        let machine = worker([0, 0, 0])
        var budgets = [0: 24, 1: 24, 2: 24]
        func need(_ spec: EngineSpec, measured: [Int: Int]? = nil, predicted: Int? = 12) -> [Int: Int] {
            planner.need(
                of: names[0],
                spec,
                on: machine,
                budgets: budgets.mapValues { $0 * Self.gigabyte },
                measured: measured?.mapValues { $0 * Self.gigabyte },
                predicted: predicted.map { $0 * Self.gigabyte },
                isLive: false
            ).mapValues { $0 / Self.gigabyte }
        }
        #expect(need(spec()) == [0: 12])
        #expect(need(spec(tensorParallel: 2)) == [0: 6, 1: 6])
        #expect(need(spec(.list(["2", "GPU-1"]))) == [1: 6, 2: 6])
        #expect(need(spec(share: 0.5)) == [0: 12])
        #expect(need(spec(share: 0.25)) == [0: 6])
        #expect(need(spec(), predicted: nil) == [0: 24], "one that nobody can size takes its card")
        #expect(need(spec(), predicted: 100) == [0: 24])
        #expect(need(spec(), measured: [0: 3, 2: 9]) == [0: 3, 2: 9])
        #expect(need(spec(), measured: [:]) == [:], "one that was seen to take none")
        #expect(need(spec(.count(2))) == [0: 24, 1: 24], "cards of its own are nobody else's")
        // Others hold most of the card. Whether it fits all the same, only a try can tell, unless it was measured.
        budgets[0] = 2
        #expect(need(spec()) == [0: 2] && need(spec(share: 0.5)) == [0: 2] && need(spec(.count(1))) == [0: 2])
        #expect(need(spec(), measured: [0: 3]) == [0: 3])
        budgets = [:]
        #expect(need(spec()).isEmpty)
    }

    @Test("models that ask for cards of their own get different ones")
    func own() {
        var planner = CardPlanner()
        let machine = worker([0, 0])
        func cards(_ index: Int, isLive: Bool = false, measured: [Int: Int]? = nil) -> [Int] {
            planner.need(
                of: names[index],
                spec(.count(1)),
                on: machine,
                budgets: [0: 24, 1: 24],
                measured: measured,
                predicted: nil,
                isLive: isLive
            ).keys.sorted()
        }
        #expect(cards(0) == [0] && cards(1) == [1])
        #expect(cards(0, isLive: true) == [0])
        #expect(cards(0, isLive: true, measured: [1: 5]) == [1], "where it really is counts")
    }

    @Test("cards are kept apart: what fits in sum and on no card waits, and only what is on the card makes room")
    func room() {
        var residency = Residency()
        func model(_ index: Int, _ cards: [Int: Int], live: Bool = false) -> Residency.Model {
            Residency.Model(
                name: names[index],
                bytes: 1,
                unloadAfter: .seconds(60),
                loadTime: .seconds(3),
                live: live ? [one: 1] : [:],
                cards: [one: cards]
            )
        }
        func report(_ index: Int, waiting: Int = 0, inFlight: Int = 0) -> DemandReport {
            DemandReport(entries: [.init(model: names[index], inFlight: inFlight, waiting: waiting)])
        }
        let cards = [one: [0: 10, 1: 10]]
        let budgets: [WorkerID: Int?] = [one: nil]
        residency.note(report(0, waiting: 1), at: .zero)
        residency.note(report(1, waiting: 1), at: .zero)
        let first = residency.decide([model(0, [0: 6]), model(1, [1: 6])], budgets: budgets, cards: cards, at: .zero)
        #expect(first.count == 2)
        // Eight are free in all, four on each card.
        residency.note(report(2, waiting: 1), at: .seconds(20))
        let all = [model(0, [0: 6], live: true), model(1, [1: 6], live: true), model(2, [1: 5])]
        let second = residency.decide(all, budgets: budgets, cards: cards, at: .seconds(20))
        #expect(Set(second.keys) == [names[0]], "the one on its card makes room")
        // One that no card holds is told, and disturbs nobody.
        residency.note(report(3, waiting: 1), at: .seconds(20))
        let large = [model(0, [0: 6], live: true), model(3, [0: 11])]
        #expect(Set(residency.decide(large, budgets: budgets, cards: cards, at: .seconds(21)).keys) == [names[0]])
        #expect(residency.notices[names[3]]?.contains("graphics memory") == true)
    }

    @Test("over any life, no card is ever overcommitted")
    func never() {
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var residency = Residency()
            let needs = names.map { _ in
                Dictionary(
                    uniqueKeysWithValues: (0..<2).map { ($0, Int.random(in: 0...6, using: &generator)) }
                )
            }
            var live: Set<Int> = []
            for tick in 0..<400 {
                let now = Duration.milliseconds(tick * 500)
                for index in names.indices where Int.random(in: 0..<4, using: &generator) == 0 {
                    let entry = DemandReport.Entry(
                        model: names[index],
                        inFlight: Int.random(in: 0...1, using: &generator),
                        waiting: Int.random(in: 0...1, using: &generator)
                    )
                    residency.note(DemandReport(entries: [entry]), at: now)
                }
                let models = names.indices.map { index in
                    Residency.Model(
                        name: names[index],
                        bytes: 1,
                        unloadAfter: .seconds(60),
                        loadTime: .seconds(3),
                        live: live.contains(index) ? [one: 1] : [:],
                        cards: [one: needs[index]]
                    )
                }
                let residents = residency.decide(
                    models,
                    budgets: [one: nil],
                    cards: [one: [0: 8, 1: 8]],
                    at: now
                )
                for index in names.indices {
                    if residents[names[index]] != nil {
                        live.insert(index)
                    } else if Bool.random(using: &generator) {
                        live.remove(index)
                    }
                }
                for card in 0..<2 {
                    let taken = live.reduce(0) { $0 + (needs[$1][card] ?? 0) }
                    #expect(taken <= 8, "seed \(seed), tick \(tick)")
                }
            }
        }
    }
}
