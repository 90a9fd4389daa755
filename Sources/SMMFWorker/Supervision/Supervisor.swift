// SPDX-License-Identifier: MIT

public import Logging
public import SMMFCore

/// The worker role: holds instances, runs their engines, and tells the registry how they are.
///
/// Each instance's life is an ``InstanceLifecycle``, which decides; this actor carries out what it asks for.
public actor Supervisor: WorkerAgent {
    let parts: SupervisorParts
    let spawner: any ProcessSpawner
    let ports: PortAllocator
    let logs: LogFolder
    let uptime: @Sendable () -> Duration
    var instances: [InstanceID: SupervisedInstance] = [:]
    /// Rows on their way to the registry, in order.
    var outbox: [RegistryErrand] = []
    var isPosting = false
    /// Rows that have to go, once the registry can be reached again.
    var withdrawals: Set<InstanceID> = []
    /// What instances were given of the machine.
    var desk: ResourceDesk
    /// What was found not to sleep or not to wake; it is ended instead of parked for as long as this worker runs.
    var unparkable: Set<EngineSpec> = []
    /// The machine's graphics cards, as last seen.
    var devices: [Device] = []
    lazy var groups = parts.groups(parts.id)
    private var sweeping: Task<Void, Never>?
    private var isLeaving = false
    private var emptyWaiters: [CheckedContinuation<Void, Never>] = []
    private let leaving: AsyncStream<Never>
    private let leave: AsyncStream<Never>.Continuation

    /// Creates a worker.
    ///
    /// `data` is the folder for logs and installed engines; `guardProgram` is the smmf program and `__guard`, under which
    /// every engine runs; `memoryBudget` are bytes for all models on demand here; `timeOfDay` is for rows that people
    /// read, everything else goes by `clock`.
    public init(
        id: WorkerID,
        data: String,
        guardProgram: [String],
        engines: [any Engine],
        locator: EngineLocator,
        registry: any Registry,
        probe: any EngineProbe,
        memoryBudget: Int? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        timeOfDay: @escaping @Sendable () -> Timestamp = { .systemTime },
        settings: SupervisorSettings = SupervisorSettings(),
        logger: Logger
    ) {
        let parts = SupervisorParts(
            id: id,
            data: data,
            engines: engines,
            locator: locator,
            registry: registry,
            probe: probe,
            clock: clock,
            timeOfDay: timeOfDay,
            settings: settings,
            logger: logger,
            memoryBudget: memoryBudget
        )
        self.init(parts, spawner: GuardedSpawner(guardProgram: guardProgram))
    }

    init(_ parts: SupervisorParts, spawner: any ProcessSpawner) {
        self.parts = parts
        self.desk = ResourceDesk(cores: parts.machine.cores)
        self.spawner = spawner
        self.ports = PortAllocator(clock: parts.clock)
        self.logs = LogFolder(path: "\(parts.data)/logs")
        self.uptime = Uptime.reader(of: parts.clock)
        (leaving, leave) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    // MARK: - Running

    /// Keeps leases and load records fresh until it is cancelled or ``shutDown()`` is called; returns when every
    /// instance has ended.
    public func run() async {
        await sweepOnce()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepLeases() }
            group.addTask { await self.keepLoads() }
            group.addTask { await self.keepDevices() }
            for await _ in leaving {}
            // A task of its own, as this one may be cancelled, and ending takes its time.
            await Task { await self.shutDown() }.value
            group.cancelAll()
        }
    }

    /// Drains and ends every instance and takes no new one; returns when nothing runs any more.
    public func shutDown() async {
        isLeaving = true
        for id in instances.keys.sorted() { handle(.stop, for: id) }
        if !instances.isEmpty || isPosting {
            await withCheckedContinuation { emptyWaiters.append($0) }
        }
        leave.finish()
    }

    /// Lets a shutdown go on when nothing is left to end or to tell.
    func noteProgressOfLeaving() {
        guard instances.isEmpty, !isPosting else { return }
        for waiter in emptyWaiters { waiter.resume() }
        emptyWaiters = []
    }

    /// Ends what an earlier run of this worker left behind, once, and before anything new is started.
    func sweepOnce() async {
        let task = sweeping ?? Task { await self.sweep() }
        sweeping = task
        await task.value
    }

    private func sweep() async {
        logs.create()
        let (found, remaining) = await LeftoverSweep(worker: parts.id, clock: parts.clock).end()
        guard !found.isEmpty else { return }
        parts.logger.warning(
            "ended processes that an earlier run had left behind",
            metadata: ["count": "\(found.count)", "remaining": "\(remaining.count)"]
        )
    }

    // MARK: - WorkerAgent

    /// Starts to hold an instance. Throws ``SMMFError`` with code `unavailable` when the worker is shutting down.
    public func assign(_ assignment: InstanceAssignment) async throws {
        guard !isLeaving else { throw SMMFError(.unavailable, "The worker is shutting down and takes no instance.") }
        guard instances[assignment.id] == nil else { return }
        let file = logs.file(for: assignment.id)
        instances[assignment.id] = SupervisedInstance(
            assignment: assignment,
            log: InstanceLog(path: file),
            logFile: file,
            life: InstanceLifecycle(settings: parts.settings.lifecycle),
            since: parts.timeOfDay(),
            history: [.init(state: .pending, since: parts.timeOfDay())]
        )
        logs.prune(sparing: Set(instances.values.map(\.logFile)))
        handle(.start, for: assignment.id)
    }

    public func release(_ id: InstanceID) async throws {
        handle(.stop, for: id)
    }

    public func perform(_ order: InstanceOrder, on id: InstanceID) async throws {
        guard let instance = instances[id] else { throw Self.unknown(id) }
        switch order {
        case .restart:
            guard !instance.life.isOffline else {
                throw SMMFError(
                    .conflict,
                    "\(id) was taken offline by hand.",
                    nextStep: "Put it online first with smmf model online \(id)."
                )
            }
            handle(.restart, for: id)
        case .drain: handle(.stop, for: id)
        case .offline: handle(.offline, for: id)
        case .online: handle(.online, for: id)
        case .park:
            guard instance.plan?.parking != nil else {
                throw SMMFError(
                    .conflict,
                    "\(id) cannot be parked.",
                    nextStep: "Deploy its model with park on an engine that can, or end the instance."
                )
            }
            handle(.park, for: id)
        case .wake: handle(.wake, for: id)
        }
    }

    public func status() async throws -> WorkerStatus {
        WorkerStatus(
            id: parts.id,
            engines: parts.engines.filter { parts.locator.program(for: $0) != nil }.map(\.name).sorted(),
            takesInstances: !isLeaving,
            instances: instances.values.map { $0.row(worker: parts.id) }.sorted { $0.id < $1.id },
            devices: devices.isEmpty ? nil : devices,
            memory: parts.machine.memory,
            cores: parts.machine.cores.count,
            memoryBudget: parts.memoryBudget
        )
    }

    public func logs(of id: InstanceID, after line: Int, limit: Int) async throws -> LogPage {
        guard let instance = instances[id] else { throw Self.unknown(id) }
        return instance.log.page(after: line, limit: limit)
    }

    public func describe(_ id: InstanceID) async throws -> InstanceDescription {
        guard instances[id] != nil else { throw Self.unknown(id) }
        let use = devices.isEmpty ? [] : await parts.devices.use()
        guard let instance = instances[id] else { throw Self.unknown(id) }
        return InstanceDescription(
            instance: instance.row(worker: parts.id),
            command: SecretMask.arguments(instance.lastPlan?.arguments ?? []),
            environment: SecretMask.environment(instance.lastPlan?.environment ?? [:]),
            limits: instance.assignment.spec.limits,
            allotment: desk.allotment(of: id),
            deviceMemory: deviceMemory(of: instance, use),
            logFile: instance.logFile,
            history: instance.history
        )
    }

    static func unknown(_ id: InstanceID) -> SMMFError {
        SMMFError(.notFound, "This worker holds no instance \(id).", field: "id")
    }
}
