// SPDX-License-Identifier: MIT

public import Logging
public import SMMFCore

/// Keeps the desired state and brings the world to it: deployments in, orders to workers and model cards out.
public actor Controller {
    var deployments: [ModelName: Deployment] = [:]
    var directory: WorkerDirectory
    var agents: [WorkerID: any WorkerAgent] = [:]
    var notices: [ModelName: String] = [:]
    var events = EventLog()
    /// Rows of endpoints that somebody else runs, as announced last.
    var announcedEndpoints: [InstanceID: Instance] = [:]

    /// Which models on demand are to be in memory.
    private var residency = Residency()
    /// What instances take and how long they take to load.
    private var ledger = MemoryLedger()
    /// The graphics memory for models on demand.
    private var cards = CardPlanner()
    /// Memory for all models on demand of a worker that names none itself; nil without a bound.
    private let memoryBudget: Int?
    private let predict: @Sendable (EngineSpec) -> Int?

    var keys: [KeyID: StoredKey] = [:]
    var keyPublishing = KeyPublishing()

    let store: any MetadataStore
    let keyStore: any KeyStore
    let registry: any Registry
    let catalogue: Catalogue
    let logger: Logger
    private let connect: @Sendable (Endpoint) -> any WorkerAgent
    private let now: @Sendable () -> Duration
    let wallClock: @Sendable () -> Timestamp
    private let pokes: AsyncStream<Void>
    private let poke: AsyncStream<Void>.Continuation

    /// The names that exist in this build.
    public struct Catalogue: Sendable {
        public var engines: [String]
        /// Those of the engines that can be parked.
        public var parkingEngines: [String]
        public var providers: [any ProviderPlan]
        public var policies: [String]

        /// Creates a catalogue.
        public init(
            engines: [String],
            parkingEngines: [String] = [],
            providers: [any ProviderPlan] = [],
            policies: [String]
        ) {
            self.engines = engines
            self.parkingEngines = parkingEngines
            self.providers = providers
            self.policies = policies
        }
    }

    /// Loads what the stores have, and publishes the API keys before anything else is announced: an API server that
    /// knows of models knows who may use them. `memoryBudget` are bytes for all models on demand of a worker that
    /// names none itself; `predict` says what a model will take, from its files or its name, nil when they do not tell;
    /// `connect` makes an agent for a remote worker's address.
    public init(
        store: any MetadataStore,
        keyStore: any KeyStore,
        registry: any Registry,
        catalogue: Catalogue,
        memoryBudget: Int? = nil,
        predict: @escaping @Sendable (EngineSpec) -> Int? = { _ in nil },
        logger: Logger,
        connect: @escaping @Sendable (Endpoint) -> any WorkerAgent,
        now: @escaping @Sendable () -> Duration,
        wallClock: @escaping @Sendable () -> Timestamp
    ) async throws {
        self.store = store
        self.keyStore = keyStore
        self.registry = registry
        self.catalogue = catalogue
        self.memoryBudget = memoryBudget
        self.predict = predict
        self.logger = logger
        self.connect = connect
        self.now = now
        self.wallClock = wallClock
        (pokes, poke) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let metadata = try await store.load()
        directory = WorkerDirectory(expecting: metadata.workers.keys, at: now())
        for deployment in metadata.deployments { deployments[deployment.name] = deployment }
        for (id, address) in metadata.workers { agents[id] = connect(address) }
        for stored in try await keyStore.load() { keys[stored.key.id] = stored }
        await publishKeys()
    }

    /// Reconciles at every change and at every tick of `ticks`, until its task is cancelled.
    public func run(ticks: some AsyncSequence<Void, Never> & Sendable) async {
        let poke = self.poke
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in ticks { poke.yield() } }
            poke.yield()
            for await _ in pokes { await reconcile() }
            group.cancelAll()
        }
    }

    /// Asks for a reconciliation soon.
    public func wake() { poke.yield() }

    /// Adds a worker in this process, or a remote one at its address; joining again is how a worker says it is alive.
    public func join(_ status: WorkerStatus, agent: (any WorkerAgent)? = nil) async throws {
        let isNew = agents[status.id] == nil
        if let agent {
            agents[status.id] = agent
        } else if let address = status.address {
            try await store.saveWorker(status.id, address: address)
            agents[status.id] = connect(address)
        } else {
            throw SMMFError(.invalidRequest, "A worker that joins must give its address.", field: "address")
        }
        directory.answered(status, at: now())
        if isNew { record(status.id.text, "joined with engines \(status.engines.joined(separator: ", "))") }
        wake()
    }

    /// Brings the world one step nearer to the desired state; public so that tests and tools can step it.
    public func reconcile() async {
        await askWorkers()
        for lost in directory.removeLost(at: now()) {
            agents[lost] = nil
            record(lost.text, "lost: it has not answered for \(WorkerDirectory.lossDeadline.components.seconds) s")
            await storing("forget worker") { try await store.saveWorker(lost, address: nil) }
        }
        let moment = now()
        let views = directory.views(at: moment)
        let homes = decideResidents(views, at: moment)
        let decision = Reconciler.decide(
            deployments: present(homes),
            workers: views,
            homes: homes,
            parking: parkingPlaces(views, homes),
            mayPlace: directory.isSettled(at: moment)
        )
        for (name, notice) in decision.notices where notices[name] != notice { record(name.text, notice) }
        notices = decision.notices.merging(residency.notices) { _, own in own }
        var isMoving = false
        for action in decision.actions where await perform(action) { isMoving = true }
        await publishKeys()
        await publish()
        // Orders that failed are tried again at the next tick, not at once.
        guard isMoving else { return }
        // What was just ordered counts from now on, even if its worker falls silent the next moment.
        await askWorkers()
        wake()
    }

    /// Decides which models on demand shall be in memory, and on which workers.
    private func decideResidents(
        _ workers: [Reconciler.WorkerView],
        at moment: Duration
    ) -> [ModelName: [WorkerID: Int]] {
        ledger.note(workers.flatMap(\.instances), of: deployments, at: moment)
        let onDemand = Set(deployments.values.filter { $0.unloadAfter != nil }.map(\.name))
        cards.keep(onDemand)
        let rooms = workers.map { ($0.id, cards.budgets($0, onDemand: onDemand)) }
        let room = Dictionary(rooms, uniquingKeysWith: { $1 })
        // Those that are there come first, as they keep their cards.
        let present = Set(workers.flatMap(\.instances).filter(\.isLive).map(\.model))
        let ordered = deployments.values.sorted {
            (present.contains($0.name) ? 0 : 1, $0.name) < (present.contains($1.name) ? 0 : 1, $1.name)
        }
        let models = ordered.compactMap { deployment -> Residency.Model? in
            guard let seconds = deployment.unloadAfter, deployment.desired == .online,
                case .engine(let spec) = deployment.backend
            else { return nil }
            let takers = workers.filter { $0.isReachable && $0.takesInstances }
            let able = takers.filter { $0.engines.contains(spec.engine) }
            var live: [WorkerID: Int] = [:]
            var parked: [WorkerID: MemoryAmount] = [:]
            var isParkable = true
            for worker in workers {
                for instance in worker.instances where instance.model == deployment.name && instance.isLive {
                    if instance.state == .parked {
                        parked[worker.id] = parked[worker.id, default: MemoryAmount()] + instance.held
                    } else {
                        live[worker.id, default: 0] += 1
                        if instance.state == .ready, instance.isParkable != true { isParkable = false }
                    }
                }
            }
            let bytes = ledger.bytes(of: spec, at: moment, predict: predict)
            let needs = workers.map { worker in
                let need = cards.need(
                    of: deployment.name,
                    spec,
                    on: worker,
                    budgets: room[worker.id] ?? [:],
                    measured: ledger.cards(of: spec, on: worker.id),
                    predicted: bytes,
                    isLive: live[worker.id] != nil || parked[worker.id] != nil
                )
                return (worker.id, need)
            }
            // Its worker gives cards of its own to nobody else, however little it keeps of them.
            if case .count(_)? = spec.limits.devices {
                for (worker, need) in needs { parked[worker]?.cards = need }
            }
            return Residency.Model(
                name: deployment.name,
                bytes: bytes,
                copies: max(1, deployment.replicas.min),
                unloadAfter: .seconds(seconds),
                loadTime: ledger.loadTime(of: deployment.name),
                isPinned: deployment.isPinned,
                live: live,
                able: Set((able.isEmpty ? takers : able).map(\.id)),
                cards: Dictionary(needs.filter { !$0.1.isEmpty }, uniquingKeysWith: { $1 }),
                parks: deployment.parks && isParkable,
                parkedSize: ledger.parkedSize(of: spec),
                parked: parked
            )
        }
        let budgets = workers.map { ($0.id, $0.memoryBudget ?? memoryBudget) }
        return residency.decide(
            models,
            budgets: Dictionary(budgets, uniquingKeysWith: { $1 }),
            cards: room,
            at: moment
        )
    }

    /// How long the last load took, rounded up; nil before one was seen.
    func loadSeconds(of name: ModelName) -> Int? {
        let time = ledger.loadTime(of: name)
        return time > .zero ? Int(clamping: time.components.seconds + 1) : nil
    }

    /// Where models that nobody asks for may stay parked.
    private func parkingPlaces(
        _ workers: [Reconciler.WorkerView],
        _ homes: [ModelName: [WorkerID: Int]]
    ) -> [ModelName: Set<WorkerID>] {
        let parking = deployments.values.filter {
            $0.parks && $0.unloadAfter != nil && $0.desired == .online && homes[$0.name] == nil
        }
        return Dictionary(
            uniqueKeysWithValues: parking.map { deployment in
                (deployment.name, Set(workers.map(\.id).filter { residency.mayPark(deployment.name, on: $0) }))
            }
        )
    }

    /// The deployments as they are to be carried out now: models on demand that nobody asks for are none.
    private func present(_ homes: [ModelName: [WorkerID: Int]]) -> [Deployment] {
        deployments.values.map { deployment in
            guard deployment.unloadAfter != nil, homes[deployment.name] == nil else { return deployment }
            var absent = deployment
            absent.desired = .offline
            return absent
        }
    }

    private func askWorkers() async {
        let statuses = await withTaskGroup(of: WorkerStatus?.self) { group in
            for agent in agents.values { group.addTask { try? await agent.status() } }
            var answered: [WorkerStatus] = []
            for await case let status? in group { answered.append(status) }
            return answered
        }
        for status in statuses where agents[status.id] != nil { directory.answered(status, at: now()) }
    }

    /// Carries out one order; false when it failed.
    private func perform(_ action: Reconciler.Action) async -> Bool {
        do {
            switch action {
            case .place(let name, let worker): try await place(name, on: worker)
            case .release(let id, let worker):
                guard let agent = agents[worker] else { return false }
                try await agent.release(id)
                record(id.text, "released on \(worker)")
            case .park(let id, let worker): try await order(.park, id, on: worker)
            case .wake(let id, let worker): try await order(.wake, id, on: worker)
            }
            return true
        } catch {
            logger.warning("an order to a worker failed", metadata: ["smmf.error": "\(error)"])
            return false
        }
    }

    private func order(_ order: InstanceOrder, _ id: InstanceID, on worker: WorkerID) async throws {
        try await agents[worker]?.perform(order, on: id)
        record(id.text, "told to \(order.rawValue) on \(worker)")
    }

    private func place(_ name: ModelName, on worker: WorkerID) async throws {
        // The world may have changed while an earlier order was on its way.
        guard let agent = agents[worker], let deployment = deployments[name], deployment.desired == .online,
            case .engine(let spec) = deployment.backend
        else { return }
        var generator = SystemRandomNumberGenerator()
        let id = InstanceID.fresh(for: name, using: &generator)
        try await agent.assign(
            InstanceAssignment(
                id: id,
                model: name,
                kind: deployment.kind,
                spec: spec,
                generation: deployment.generation,
                parks: deployment.parks ? true : nil
            )
        )
        record(id.text, "placed on \(worker)")
    }

    func record(_ subject: String, _ text: String) {
        events.record(subject, text, at: wallClock())
        logger.info("control event", metadata: ["smmf.subject": "\(subject)", "smmf.event": "\(text)"])
    }

    private func storing(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            logger.error("the metadata store failed", metadata: ["smmf.what": "\(what)", "smmf.error": "\(error)"])
        }
    }
}

extension Controller: DemandSink {
    public func note(_ report: DemandReport) async throws {
        guard report.entries.count <= DemandReport.entryLimit,
            report.server?.utf8.count ?? 0 <= DemandReport.serverLimit
        else {
            throw SMMFError(
                .invalidRequest,
                "A report of demand has at most \(DemandReport.entryLimit) entries and a server's name of "
                    + "\(DemandReport.serverLimit) bytes.",
                field: "entries"
            )
        }
        let moment = now()
        let known = report.entries.filter { deployments[$0.model]?.unloadAfter != nil }
        residency.note(DemandReport(entries: known, server: report.server), at: moment)
        if known.contains(where: { residency.isAwaited($0.model, at: moment) }) { wake() }
    }
}
