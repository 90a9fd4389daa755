// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFController

@Suite("Reconciler")
struct ReconcilerTests {
    private let demo = Deployment(
        name: .example,
        backend: .engine(EngineSpec(engine: "llama.cpp", source: "/m.gguf"))
    )

    private func worker(_ id: String, _ instances: [Instance] = [], reachable: Bool = true) -> Reconciler.WorkerView {
        Reconciler.WorkerView(id: WorkerID(id), engines: ["llama.cpp"], instances: instances, isReachable: reachable)
    }

    private func instance(_ id: String, _ state: InstanceState = .ready, generation: UInt64 = 1) -> Instance {
        Instance(id: InstanceID(id), model: .example, state: state, generation: generation)
    }

    private func decide(
        _ deployments: [Deployment],
        _ workers: [Reconciler.WorkerView],
        mayPlace: Bool = true
    ) -> Reconciler.Decision {
        Reconciler.decide(deployments: deployments, workers: workers, mayPlace: mayPlace)
    }

    @Test("what is missing is placed on the least busy worker that has the engine")
    func places() {
        var bare = worker("a")
        bare.engines = []
        let decision = decide([demo], [bare, worker("b", [instance("x", generation: 9)]), worker("c")])
        #expect(decision.actions == [])
        let alone = decide([demo], [bare, worker("c")])
        #expect(alone.actions == [.place(.example, on: WorkerID("c"))])
    }

    @Test("nothing is done when the world is as desired")
    func settled() {
        #expect(decide([demo], [worker("a", [instance("x")])]).actions == [])
        #expect(decide([demo], [worker("a", [instance("x", .loading)])]).actions == [])
    }

    @Test("offline, removed and unknown models are released")
    func releases() {
        var offline = demo
        offline.desired = .offline
        let worker = worker("a", [instance("x")])
        #expect(decide([offline], [worker]).actions == [.release(InstanceID("x"), on: WorkerID("a"))])
        #expect(decide([], [worker]).actions == [.release(InstanceID("x"), on: WorkerID("a"))])
    }

    @Test("an instance that is told to go is not told again, and does not count")
    func draining() {
        let workers = [worker("a", [instance("x", .draining)])]
        #expect(decide([], workers).actions == [])
        #expect(decide([demo], workers).actions == [.place(.example, on: WorkerID("a"))])
    }

    @Test("a new generation starts before the old one leaves")
    func rolls() {
        var changed = demo
        changed.generation = 2
        let old = instance("old")
        let starting = decide([changed], [worker("a", [old])])
        #expect(starting.actions == [.place(.example, on: WorkerID("a"))])
        let loading = decide([changed], [worker("a", [old, instance("new", .loading, generation: 2)])])
        #expect(loading.actions == [])
        let ready = decide([changed], [worker("a", [old, instance("new", generation: 2)])])
        #expect(ready.actions == [.release(InstanceID("old"), on: WorkerID("a"))])
        let failedOld = decide(
            [changed],
            [worker("a", [instance("old", .failed), instance("new", .loading, generation: 2)])]
        )
        #expect(failedOld.actions == [.release(InstanceID("old"), on: WorkerID("a"))])
    }

    @Test("a surplus goes, the least valuable first")
    func surplus() {
        let workers = [worker("a", [instance("x"), instance("y", .loading)])]
        #expect(decide([demo], workers).actions == [.release(InstanceID("y"), on: WorkerID("a"))])
    }

    @Test("an unreachable worker keeps what it has and gets nothing new")
    func unreachable() {
        let lost = worker("a", [instance("x")], reachable: false)
        #expect(decide([demo], [lost, worker("b")]).actions == [])
        #expect(decide([], [lost]).actions == [])
        let empty = worker("a", [], reachable: false)
        #expect(decide([demo], [empty]).notices[.example] == "no worker has joined")
    }

    @Test("a worker that ends gets nothing new, and what it holds still counts")
    func leaving() {
        var leaving = worker("a", [instance("x")])
        leaving.takesInstances = false
        #expect(decide([demo], [leaving]).actions == [])
        leaving.instances = []
        #expect(decide([demo], [leaving]).actions == [])
        #expect(decide([demo], [leaving]).notices[.example] == "no worker takes new instances")
        #expect(decide([demo], [leaving, worker("b")]).actions == [.place(.example, on: WorkerID("b"))])
    }

    @Test("nothing is placed while workers of the last run may still come back")
    func waits() {
        let decision = decide([demo], [worker("a")], mayPlace: false)
        #expect(decision.actions == [])
        #expect(decision.notices[.example] != nil)
    }

    @Test("a permanent failure is told and not tried elsewhere")
    func failed() {
        var broken = instance("x", .failed)
        broken.failure = InstanceFailure(.fileMissing, "There is no file /m.gguf.", nextStep: "Check the path.")
        let decision = decide([demo], [worker("a", [broken]), worker("b")])
        #expect(decision.actions == [])
        #expect(decision.notices[.example] == "There is no file /m.gguf. Check the path.")
    }

    @Test("whatever the world, carrying decisions out reaches a state in which there is nothing to do")
    func converges() throws {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var world = randomWorld(&generator)
            var deployment = demo
            deployment.generation = UInt64.random(in: 1...2, using: &generator)
            deployment.replicas = try Replicas(min: Int.random(in: 0...3, using: &generator), max: 3)
            deployment.desired = Bool.random(using: &generator) ? .online : .offline
            var rounds = 0
            var numbers = 0
            while rounds < 20 {
                let actions = decide([deployment], world).actions
                let isRising = world.flatMap(\.instances).contains { $0.state != .ready }
                if actions.isEmpty, !isRising { break }
                perform(actions, &world, generation: deployment.generation, &numbers)
                rounds += 1
            }
            let live = world.flatMap(\.instances)
            let wanted = deployment.desired == .online ? max(1, deployment.replicas.min) : 0
            #expect(rounds < 20, "seed \(seed) does not settle")
            #expect(live.count == wanted && live.allSatisfy { $0.generation >= deployment.generation }, "seed \(seed)")
        }
    }

    private func randomWorld(_ generator: inout SeededGenerator) -> [Reconciler.WorkerView] {
        (0..<Int.random(in: 1...3, using: &generator)).map { index in
            let instances = (0..<Int.random(in: 0...3, using: &generator)).map { number in
                instance(
                    "\(index)-\(number)",
                    [.ready, .loading, .suspect].randomElement(using: &generator) ?? .ready,
                    generation: UInt64.random(in: 1...2, using: &generator)
                )
            }
            return worker("w\(index)", instances)
        }
    }

    /// Orders are carried out, and everything that was started comes up.
    private func perform(
        _ actions: [Reconciler.Action],
        _ world: inout [Reconciler.WorkerView],
        generation: UInt64,
        _ numbers: inout Int
    ) {
        for action in actions {
            switch action {
            case .place(_, let id):
                guard let index = world.firstIndex(where: { $0.id == id }) else { continue }
                numbers += 1
                world[index].instances.append(instance("new-\(numbers)", .ready, generation: generation))
            case .release(let instance, let id):
                guard let index = world.firstIndex(where: { $0.id == id }) else { continue }
                world[index].instances.removeAll { $0.id == instance }
            case .park, .wake: Issue.record("nothing is parked here")
            }
        }
        for index in world.indices {
            for place in world[index].instances.indices { world[index].instances[place].state = .ready }
        }
    }

    @Test("an instance that a person took offline is neither replaced nor ended")
    func offlineByHand() {
        var offline = instance("x", .stopped)
        offline.isKept = true
        #expect(decide([demo], [worker("a", [offline])]).actions == [])
        offline.state = .draining
        #expect(decide([demo], [worker("a", [offline])]).actions == [])
        // It goes with its model, and with its generation when a new one serves.
        offline.state = .stopped
        #expect(decide([], [worker("a", [offline])]).actions == [.release(InstanceID("x"), on: WorkerID("a"))])
    }

    @Test("an old instance makes room for a new one that waits for its card, one for one")
    func starved() {
        var wanted = demo
        wanted.generation = 2
        var waiting = instance("new", .failed, generation: 2)
        waiting.failure = InstanceFailure(.resourcesTaken, "no card is free")
        let old = instance("old")
        #expect(
            decide([wanted], [worker("a", [old, waiting])]).actions == [.release(InstanceID("old"), on: WorkerID("a"))]
        )
        let leaving = instance("older", .draining)
        #expect(decide([wanted], [worker("a", [leaving, old, waiting])]).actions == [])
        waiting.failure = InstanceFailure(.outOfMemory, "another reason")
        #expect(decide([wanted], [worker("a", [old, waiting])]).actions == [])
    }

    @Test("a model that nobody asks for is parked where it may be, and woken where its memory is kept free")
    func parking() {
        let (x, a) = (InstanceID("x"), WorkerID("a"))
        var onDemand = demo
        onDemand.unloadAfter = 60
        onDemand.parks = true
        var absent = onDemand
        absent.desired = .offline
        func decide(_ deployment: Deployment, _ one: Instance, home: Bool, mayPark: Bool = true) -> [Reconciler.Action]
        {
            Reconciler.decide(
                deployments: [deployment],
                workers: [worker("a", [one])],
                homes: home ? [.example: [a: 1]] : [:],
                parking: mayPark ? [.example: [a]] : [:],
                mayPlace: true
            ).actions
        }
        var ready = instance("x")
        #expect(decide(absent, ready, home: false) == [.release(x, on: a)], "it cannot be parked")
        ready.isParkable = true
        #expect(decide(absent, ready, home: false) == [.park(x, on: a)])
        #expect(decide(absent, ready, home: false, mayPark: false) == [.release(x, on: a)])
        for state in [InstanceState.parking, .parked, .waking] {
            #expect(decide(absent, instance("x", state), home: false) == [])
            #expect(decide(absent, instance("x", state), home: false, mayPark: false) == [.release(x, on: a)])
        }
        for state in [InstanceState.loading, .suspect, .failed] {
            #expect(decide(absent, instance("x", state), home: false) == [.release(x, on: a)])
        }
        #expect(decide(onDemand, instance("x", .parked), home: true) == [.wake(x, on: a)])
        #expect(decide(onDemand, instance("x", .parking), home: true) == [])
        #expect(decide(onDemand, instance("x", .waking), home: true) == [])
        // Its memory is kept free on another worker, or it is one of an older generation.
        #expect(decide(onDemand, instance("x", .parked), home: false) == [.release(x, on: a)])
        var changed = onDemand
        changed.generation = 2
        #expect(decide(changed, instance("x", .parked), home: true) == [.release(x, on: a)])
        absent.generation = 2
        #expect(decide(absent, ready, home: false) == [.release(x, on: a)])
        // One that was parked by hand, of a model that is always wanted.
        #expect(decide(demo, instance("x", .parked), home: false) == [.wake(x, on: a)])
    }
}
