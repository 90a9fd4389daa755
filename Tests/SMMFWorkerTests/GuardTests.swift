// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The guard's promises, with the real program and real processes.
@Suite("The guard", .timeLimit(.minutes(1)))
struct GuardTests {
    static let stubborn = "trap '' TERM; echo up $$; while :; do sleep 0.05; done"

    @Test("mirrors the exit code and hands on output and errors in order")
    func exitCode() async throws {
        let script = try await GuardedScript("echo out; echo err >&2; exit 3")
        #expect(await script.process.end() == .ended(.code(3)))
        #expect(script.lines == ["out", "err"])
    }

    @Test("mirrors the signal that ended the engine")
    func signal() async throws {
        let script = try await GuardedScript("kill -SEGV $$")
        #expect(await script.process.end() == .ended(.signal(SIGSEGV)))
    }

    @Test("tells a program that cannot be started from one that failed")
    func notStarted() async throws {
        let missing = await #expect(throws: SpawnFailure.self) {
            try await EngineProcess.spawn(
                ProcessCommand(arguments: ["/no/such/program"]),
                guardProgram: try GuardProgram.command
            ) { _ in }
        }
        #expect(missing == .program(number: ENOENT, text: "No such file or directory"))
        let folder = await #expect(throws: SpawnFailure.self) {
            try await EngineProcess.spawn(ProcessCommand(arguments: ["/tmp"]), guardProgram: try GuardProgram.command) {
                _ in
            }
        }
        #expect(folder == .program(number: EACCES, text: "Permission denied"))
    }

    @Test("a guard program that is none is an error and no crash", arguments: [["/no/such/guard"], ["/bin/true"], []])
    func noGuard(program: [String]) async throws {
        let failure = await #expect(throws: SpawnFailure.self) {
            try await EngineProcess.spawn(ProcessCommand(arguments: ["/bin/true"]), guardProgram: program) { _ in }
        }
        guard case .guardProgram = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("gives the engine no input, a session of its own, and none of our files")
    func surroundings() async throws {
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let script = try await GuardedScript("cat; echo session $(cut -d' ' -f6 /proc/$$/stat) $$; ls /proc/$$/fd")
        #expect(await script.process.end() == .ended(.code(0)))
        let pid = script.process.processID
        #expect(script.lines == ["session \(pid) \(pid)", "0", "1", "2"])
    }

    @Test("closes the files that it was given by mistake")
    func strayFiles() async throws {
        let script = try await GuardedScript(
            "exec 9</dev/null; sleep 1000 | \(try GuardProgram.path) __guard -- sh -c 'ls /proc/$$/fd; echo done 0' &"
                + " sleep 1000"
        )
        _ = try await script.number(after: "done")
        #expect(script.lines.filter { !$0.hasPrefix("started") } == ["0", "1", "2", "done 0"])
        script.process.kill()
        _ = await script.process.end()
    }

    @Test("keeps SMMF's own variables from the engine")
    func environment() async throws {
        setenv("SMMF_TEST_SECRET", "secret", 1)
        let script = try await GuardedScript("env", environment: ["SMMF_INSTANCE": "i", "OTHER": "o"])
        #expect(await script.process.end() == .ended(.code(0)))
        #expect(script.lines.contains("SMMF_INSTANCE=i") && script.lines.contains("OTHER=o"))
        #expect(script.lines.contains { $0.hasPrefix("PATH=") })
        #expect(!script.lines.contains { $0.contains("SMMF_TEST_SECRET") })
    }

    @Test("lets an engine end in its own way within the grace")
    func politeStop() async throws {
        let script = try await GuardedScript("trap 'echo bye; exit 4' TERM; echo up $$; while :; do sleep 0.05; done")
        _ = try await script.number(after: "up")
        script.process.stop(grace: .seconds(60))
        #expect(await script.process.end() == .ended(.code(4)))
        #expect(script.lines.last == "bye")
    }

    @Test("kills an engine that ignores SIGTERM when the grace is over")
    func forcedStop() async throws {
        let script = try await GuardedScript(Self.stubborn)
        _ = try await script.number(after: "up")
        script.process.stop(grace: .milliseconds(50))
        #expect(await script.process.end() == .ended(.signal(SIGKILL)))
    }

    @Test("takes a shorter grace after a longer one, and `kill` at any time")
    func impatience() async throws {
        let first = try await GuardedScript(Self.stubborn)
        let second = try await GuardedScript(Self.stubborn)
        for script in [first, second] {
            _ = try await script.number(after: "up")
            script.process.stop(grace: .seconds(3600))
        }
        first.process.stop(grace: .zero)
        second.process.kill()
        for script in [first, second] { try await expectGone(script.process.processID, "the engine") }
        #expect(await first.process.end() == .ended(.signal(SIGKILL)))
        #expect(await second.process.end() == .ended(.signal(SIGKILL)))
    }

    @Test("is gone only when orphans in sessions of their own are gone, even those that ignore SIGTERM")
    func orphans() async throws {
        let orphan = "trap '' TERM; echo orphan $$; exec sleep 1000"
        let script = try await GuardedScript("setsid sh -c '\(orphan)' & while :; do sleep 0.05; done")
        let pid = try await script.number(after: "orphan")
        script.process.stop(grace: .milliseconds(100))
        #expect(await script.process.end() == .ended(.signal(SIGTERM)))
        #expect(!isRunning(pid))
    }

    @Test("ends what an engine that ended by itself leaves behind, and still tells how it ended")
    func leftBehind() async throws {
        let orphan = "trap '' TERM; (sleep 1000 & echo grandchild $!); echo orphan $$; exec sleep 1000"
        let script = try await GuardedScript(
            "setsid sh -c \"\(orphan.replacing("$", with: "\\$"))\" & while ! [ -e $0.$$ ] && [ $((n=n+1)) -lt 20 ]; do sleep 0.02; done; exit 7"
        )
        let pids = [try await script.number(after: "orphan"), try await script.number(after: "grandchild")]
        #expect(await script.process.end() == .ended(.code(7)))
        for pid in pids { #expect(!isRunning(pid)) }
    }

    @Test("an engine dies with its guard, and what it had started is found by its marker")
    func guardKilled() async throws {
        let marker = ProcessMarker.environment(worker: WorkerID("guard-killed"), instance: InstanceID("one"))
        let script = try await GuardedScript(
            "setsid sh -c 'echo orphan $$; exec sleep 1000' & \(Self.stubborn)",
            environment: marker
        )
        let orphan = try await script.number(after: "orphan")
        let engine = try await script.number(after: "up")
        send(SIGKILL, to: script.process.guardID)
        #expect(await script.process.end() == .guardLost(signal: SIGKILL))
        try await expectGone(engine, "the engine")
        #expect(isRunning(orphan))
        let sweep = LeftoverSweep(worker: WorkerID("guard-killed"), clock: ContinuousClock())
        #expect(await LeftoverSweep(worker: WorkerID("another"), clock: ContinuousClock()).end().found.isEmpty)
        #expect(await sweep.end(instance: InstanceID("two")).found.isEmpty)
        #expect(isRunning(orphan))
        let (found, remaining) = await sweep.end()
        #expect(found == [LeftoverSweep.Leftover(processID: orphan, instance: InstanceID("one"))])
        #expect(remaining.isEmpty)
        #expect(!isRunning(orphan))
    }

    @Test("SIGTERM to the guard itself ends the engine in order")
    func guardTerminated() async throws {
        let script = try await GuardedScript(Self.stubborn)
        let engine = try await script.number(after: "up")
        send(SIGTERM, to: script.process.guardID)
        #expect(await script.process.end() == .ended(.signal(SIGKILL)))
        #expect(!isRunning(engine))
    }

    @Test("nothing survives a supervisor that was killed, whatever grace it had set")
    func supervisorKilled() async throws {
        // The holder of the lifeline stands for SMMF; an outer guard only keeps this test tidy.
        let engine = "setsid sleep 1000 & echo orphan \\$!; \(Self.stubborn.replacing("$", with: "\\$"))"
        let script = try await GuardedScript(
            "sh -c 'echo holder $$ >&2; exec sleep 1000' | "
                + "\(try GuardProgram.path) __guard --grace-ms 3600000 -- sh -c \"\(engine)\"; echo guard $?"
        )
        let holder = try await script.number(after: "holder")
        let pids = [try await script.number(after: "up"), try await script.number(after: "orphan")]
        send(SIGKILL, to: holder)
        #expect(try await script.number(after: "guard") == 128 + SIGKILL)
        for pid in pids { #expect(!isRunning(pid)) }
        _ = await script.process.end()
    }
}
