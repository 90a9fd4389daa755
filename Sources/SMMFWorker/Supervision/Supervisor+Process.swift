// SPDX-License-Identifier: MIT

import Logging
import SMMFCore

extension Supervisor {
    /// The lines of a run's end that an engine's failure reading gets.
    private static let readLines = 400

    /// Starts a process for a new run of an instance.
    func launch(_ id: InstanceID) {
        instances[id]?.run += 1
        guard let run = instances[id]?.run else { return }
        Task {
            await sweepOnce()
            await startProcess(for: id, run: run)
        }
    }

    private func startProcess(for id: InstanceID, run: Int) async {
        guard let instance = instances[id], instance.run == run else { return }
        do throws(InstanceFailure) {
            var assignment = instance.assignment
            if unparkable.contains(assignment.spec) { assignment.parks = nil }
            var (engine, plan, endpoint) = try prepare(assignment)
            let limits = try await allot(instance.assignment, to: &plan)
            // A stop may have come in the meantime; nothing was started yet.
            guard instances[id]?.run == run else { return }
            instances[id]?.plan = plan
            instances[id]?.lastPlan = plan
            instances[id]?.endpoint = endpoint
            instances[id]?.group = limits.group
            instances[id]?.logMark = instance.log.last
            try await spawn(plan, limits, of: engine, for: id, run: run, log: instance.log)
        } catch {
            desk.giveBack(id)
            instance.log.append(["smmf: \(error.message)"])
            handle(.launchFailed(error), for: id, run: run)
        }
    }

    private func prepare(
        _ assignment: InstanceAssignment
    ) throws(InstanceFailure) -> (engine: any Engine, plan: LaunchPlan, endpoint: Endpoint) {
        guard let engine = parts.engines.first(where: { $0.name == assignment.spec.engine }) else {
            throw InstanceFailure(
                .engineMissing,
                "This worker has no engine named \(assignment.spec.engine).",
                nextStep: "Choose one of: \(parts.engines.map(\.name).sorted().joined(separator: ", "))."
            )
        }
        let program = try parts.locator.requireProgram(for: engine)
        guard let port = ports.next() else {
            throw InstanceFailure(
                .portInUse,
                "The system has no free port on 127.0.0.1.",
                nextStep: "End programs that hold many connections; it starts again by itself."
            )
        }
        let plan = try engine.plan(EngineLaunch(assignment: assignment, port: port, program: program))
        return (engine, plan, Endpoint(host: "127.0.0.1", port: port))
    }

    private func spawn(
        _ plan: LaunchPlan,
        _ limits: ProcessLimits,
        of engine: any Engine,
        for id: InstanceID,
        run: Int,
        log: InstanceLog
    ) async throws(InstanceFailure) {
        let reader = StartReader(engine, parts.settings.lifecycle, uptime: uptime)
        let markers = ProcessMarker.environment(worker: parts.id, instance: id)
        var command = ProcessCommand(
            arguments: plan.arguments,
            environment: plan.environment.merging(markers) { _, marker in marker }
        )
        command.limits = limits
        let process: any SpawnedProcess
        do throws(SpawnFailure) {
            process = try await spawner.spawn(command) { lines in
                log.append(lines)
                reader.read(lines)
            }
        } catch {
            throw InstanceFailure(starting: plan.arguments.first ?? "", error)
        }
        instances[id]?.process = process
        instances[id]?.startReader = reader
        handle(.processStarted, for: id, run: run)
        Task {
            for await watch in reader.reports {
                handle(.progress(watch.progress, until: watch.deadline, watch.bound), for: id, run: run)
            }
        }
        Task {
            let end = await process.end()
            reader.finish()
            await processEnded(end, of: engine, for: id, run: run)
        }
    }

    private func processEnded(_ end: ProcessEnd, of engine: any Engine, for id: InstanceID, run: Int) async {
        // A guard that ended in order has left nothing; one that was killed may have, and this proves either.
        let (found, remaining) = await LeftoverSweep(worker: parts.id, clock: parts.clock).end(instance: id)
        if !found.isEmpty {
            parts.logger.warning(
                "ended processes that an engine had left behind",
                metadata: [
                    "smmf.instance": "\(id)", "count": "\(found.count)", "remaining": "\(remaining.count)",
                ]
            )
        }
        // The memory that it held of the cards is free before it counts as gone.
        if !devices.isEmpty { await lookAtDevices() }
        guard let instance = instances[id], instance.run == run else { return }
        var lines = instance.log.tail(Self.readLines, after: instance.logMark)
        // What it printed when we ended it tells nothing of why.
        if let mark = instance.stopMark { lines.removeLast(min(lines.count, max(0, instance.log.last - mark))) }
        let failure = failure(of: engine, end, lines, of: id)
        if let group = instance.group { groups?.remove(group) }
        instances[id]?.forgetRun()
        desk.giveBack(id)
        if instances[id]?.fit(after: failure) == true, let context = failure.fittingContext {
            instance.log.append(["smmf: starting again with a context of \(context) tokens, which fits"])
        }
        handle(.exited(failure.naming(instance.assignment.spec.source)), for: id, run: run)
    }

    /// Why a run ended: the kernel's word about memory stands above the engine's own.
    private func failure(
        of engine: any Engine,
        _ end: ProcessEnd,
        _ lines: [String],
        of id: InstanceID
    ) -> InstanceFailure {
        let allotment = desk.allotment(of: id)
        if case .shortOfMemory = end { return .overMemory(limit: allotment?.memory, lastLines: lines) }
        let failure = engine.failure(in: lines, exit: end.exit) ?? InstanceFailure(end, lastLines: lines)
        return failure.consideringMemory(allotment)
    }
}
