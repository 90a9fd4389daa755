// SPDX-License-Identifier: MIT

import Logging
import SMMFCore

extension Supervisor {
    /// Takes an event into an instance's life and carries out what follows. With `run`, only while that run lasts.
    func handle(_ event: InstanceLifecycle.Event, for id: InstanceID, run: Int? = nil) {
        guard var instance = instances[id], run == nil || run == instance.run else { return }
        let before = instance.life.state
        let actions = instance.life.on(event, at: uptime())
        if instance.life.state != before {
            instance.since = parts.timeOfDay()
            parts.logger.info(
                "instance changed",
                metadata: [
                    "smmf.instance": "\(id)", "smmf.model": "\(instance.assignment.model)",
                    "state": "\(instance.life.state.rawValue)", "detail": "\(instance.life.detail ?? "")",
                ]
            )
        }
        instance.noteState(at: parts.timeOfDay())
        if instance.life.state == .ready, before == .warming || before == .waking {
            instance.startReader?.finish()
            instance.health = HealthWatch(busyAllowance: parts.settings.busyAllowance, at: uptime())
            instance.memory = instance.process?.memory()
        }
        // What it kept while it was parked is not what it holds from now on.
        if instance.life.state == .waking, before != .waking { instance.cardMemory = nil }
        instances[id] = instance
        if before == .waking, instance.life.state == .failed, let failure = instance.life.failure {
            note(failure, of: id)
        }
        for action in actions { perform(action, for: id) }
        if instance.life.state == .ready, before == .warming || before == .waking, !devices.isEmpty {
            Task { for id in await measureCards() { announce(id) } }
        }
    }

    private func perform(_ action: InstanceLifecycle.Action, for id: InstanceID) {
        switch action {
        case .launch: launch(id)
        case .watchForAnswer: begin(.watchForAnswer, for: id) { await $0.watchForAnswer(id, run: $1) }
        case .probe: begin(.probe, for: id) { await $0.look(at: id, run: $1) }
        case .awaitDrain: begin(.awaitDrain, for: id) { await $0.awaitDrain(id, run: $1) }
        case .park:
            // What a look of before finds says nothing of one that was parked since.
            instances[id]?.tasks.removeValue(forKey: .probe)?.cancel()
            begin(.parking, for: id) { await $0.park(id, run: $1) }
        case .wake: begin(.parking, for: id) { await $0.wake(id, run: $1) }
        case .endProcess(let grace): endProcess(of: id, grace: grace)
        case .announce: announce(id)
        case .setTimer(let timer, let duration): set(timer, to: duration, for: id)
        case .cancelTimer(let timer): instances[id]?.tasks.removeValue(forKey: .timer(timer))?.cancel()
        case .ended: forget(id)
        }
    }

    /// Starts a task of an instance's present run, in place of an earlier one of the same errand.
    private func begin(
        _ errand: SupervisedInstance.Errand,
        for id: InstanceID,
        _ body: @escaping @Sendable (Supervisor, Int) async -> Void
    ) {
        guard let run = instances[id]?.run else { return }
        instances[id]?.tasks[errand]?.cancel()
        instances[id]?.tasks[errand] = Task { await body(self, run) }
    }

    private func set(_ timer: InstanceLifecycle.Timer, to duration: Duration, for id: InstanceID) {
        let clock = parts.clock
        begin(.timer(timer), for: id) { supervisor, _ in
            guard (try? await clock.sleep(for: duration)) != nil else { return }
            await supervisor.fire(timer, for: id)
        }
    }

    /// A timer that was cancelled or set again while its task was on the way here has nothing to say.
    private func fire(_ timer: InstanceLifecycle.Timer, for id: InstanceID) {
        guard !Task.isCancelled else { return }
        instances[id]?.tasks[.timer(timer)] = nil
        handle(.timer(timer), for: id)
    }

    private func endProcess(of id: InstanceID, grace: Duration) {
        // Without a process a launch is under way; what comes of it is ended by the life's answer to `processStarted`.
        guard let instance = instances[id], let process = instance.process else { return }
        instances[id]?.stopMark = instance.log.last
        process.stop(grace: grace)
        let clock = parts.clock
        let patience = grace + parts.settings.guardPatience
        begin(.endWatch, for: id) { supervisor, run in
            guard (try? await clock.sleep(for: patience)) != nil else { return }
            await supervisor.giveUpGuard(of: id, run: run)
        }
    }

    private func giveUpGuard(of id: InstanceID, run: Int) {
        guard !Task.isCancelled, let instance = instances[id], instance.run == run else { return }
        parts.logger.error("the guard of a process did not end it in time", metadata: ["smmf.instance": "\(id)"])
        instance.process?.abandon()
    }

    private func forget(_ id: InstanceID) {
        guard let instance = instances.removeValue(forKey: id) else { return }
        for task in instance.tasks.values { task.cancel() }
        desk.giveBack(id)
        post(.withdraw(id))
        noteProgressOfLeaving()
    }
}
