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

/// Limits with the real program, real processes and, where the system gives one, a real control group.
@Suite("The guard's limits", .timeLimit(.minutes(1)))
struct GuardLimitTests {
    /// Runs a script under limits and returns how it ended and what it printed.
    private func run(_ script: String, _ limits: ProcessLimits) async throws -> (ProcessEnd, [String]) {
        let log = InstanceLog(path: "/dev/null")
        var command = ProcessCommand(arguments: ["/bin/sh", "-c", script])
        command.limits = limits
        let process = try await EngineProcess.spawn(command, guardProgram: try GuardProgram.command) { log.append($0) }
        return (await process.end(), log.tail(100, after: 0))
    }

    private func refusal(_ limits: ProcessLimits) async -> SpawnFailure? {
        do {
            _ = try await run("echo started", limits)
            return nil
        } catch {
            return error as? SpawnFailure
        }
    }

    @Test("the engine and its children run on the given cores and step back")
    func cores() async throws {
        let core = try #require(MachineFacts.here().cores.last)
        let (end, lines) = try await run(
            "sh -c 'grep Cpus_allowed_list /proc/self/status; nice'",
            ProcessLimits(cores: [core], niceness: 7)
        )
        #expect(end == .ended(.code(0)))
        #expect(lines.count == 2 && lines.first?.hasSuffix("\t\(core)") == true, "\(lines)")
        // The tests may run with a niceness of their own, below which nobody gets.
        #expect(lines.last.flatMap { Int($0) } == 7)
    }

    @Test("the data of each process is bounded, which its allocations meet")
    func data() async throws {
        let script = "ulimit -d; exec python3 -c 'x = bytearray(400 << 20); print(len(x))'"
        let (end, lines) = try await run(script, ProcessLimits(data: 200 << 20))
        #expect(end == .ended(.code(1)))
        #expect(lines.first == "\(200 << 10)" && lines.contains { $0.contains("MemoryError") }, "\(lines)")
    }

    @Test("what the system refuses is named, and nothing runs")
    func refusals() async throws {
        let core = await refusal(ProcessLimits(cores: [1023]))
        guard case .limit("cores", EINVAL, _) = core else {
            Issue.record("\(String(describing: core))")
            return
        }
        let group = await refusal(ProcessLimits(group: "/no/such/group"))
        #expect(group == .limit(option: "group", number: ENOENT, text: "No such file or directory"))
        let failure = InstanceFailure(starting: "x", .limit(option: "cores", number: EINVAL, text: "Invalid argument"))
        #expect(failure.kind == .badArgument && failure.message.contains("limits.cores"))
    }

    @Test("a group's folder is entered, and removed when nothing of the engine is left")
    func folder() async throws {
        let folder = try TemporaryFolder()
        let group = "\(folder.path)/group"
        mkdir(group, 0o755)
        // A plain folder stands in for the group; the guard can only remove an empty one.
        creat("\(group)/cgroup.procs", 0o644)
        let script = "cat \(group)/cgroup.procs; rm \(group)/cgroup.procs"
        let (end, lines) = try await run(script, ProcessLimits(group: group))
        #expect(end == .ended(.code(0)) && lines == ["0"])
        #expect(access(group, F_OK) != 0)
    }

    @Test("a kill for memory is told from every other", arguments: ["memory.events", "memory.oom_control"])
    func memoryWord(file: String) async throws {
        let folder = try TemporaryFolder()
        let script = "printf 'low 0\\noom 1\\noom_kill 1\\n' > \(folder.path)/\(file); kill -KILL $$"
        creat("\(folder.path)/cgroup.procs", 0o644)
        let (end, _) = try await run(script, ProcessLimits(group: folder.path))
        #expect(end == .shortOfMemory(.signal(SIGKILL)))
        let failure = InstanceFailure.overMemory(limit: 64 << 20, lastLines: ["last"])
        #expect(failure.kind == .outOfMemory && failure.message.contains("64 MB") && failure.evidence == ["last"])
    }

    @Test("the kernel ends an engine that goes beyond its group's memory", .enabled(if: Self.hasGroups))
    func kernel() async throws {
        let groups = try #require(MemoryGroups.find(worker: "guard-limit-tests"))
        let group = try #require(groups.make("m-1", limit: 64 << 20))
        let (end, lines) = try await run(
            "echo begun; python3 -c 'x = bytearray(200 << 20); print(len(x))'; exit 3",
            ProcessLimits(group: group)
        )
        #expect(end == .shortOfMemory(.code(3)) || end == .shortOfMemory(.signal(SIGKILL)), "\(end) \(lines)")
        #expect(!lines.contains("\(200 << 20)"))
        #expect(access(group, F_OK) != 0, "the group is gone")
    }

    private static var hasGroups: Bool { MemoryGroups.find(worker: "guard-limit-tests") != nil }
}
