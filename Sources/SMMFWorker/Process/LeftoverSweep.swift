// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds processes that an earlier run of a worker left behind, by their marker, and ends them.
public struct LeftoverSweep: Sendable {
    /// A process that carries a worker's marker.
    public struct Leftover: Sendable, Hashable {
        public var processID: Int32
        public var instance: InstanceID
    }

    /// Between two looks at what is left.
    private static let pause: Duration = .milliseconds(20)
    /// How often it looks before and after it kills.
    private static let politeLooks = 100
    private static let forcedLooks = 150

    let worker: WorkerID
    let clock: any Clock<Duration>

    /// Creates a sweep for one worker's processes.
    public init(worker: WorkerID, clock: any Clock<Duration>) {
        self.worker = worker
        self.clock = clock
    }

    /// The processes that carry the marker now; of one instance only when `instance` is given.
    public func find(instance: InstanceID? = nil) -> [Leftover] {
        let ours = "\(ProcessMarker.worker)=\(worker.text)"
        let prefix = "\(ProcessMarker.instance)="
        return ProcessTable.identifiers().compactMap { id in
            guard let variables = ProcessTable.environment(of: id), variables.contains(where: { $0 == ours }),
                let name = variables.first(where: { $0.hasPrefix(prefix) })?.dropFirst(prefix.count)
            else { return nil }
            guard instance == nil || instance?.text == String(name) else { return nil }
            return Leftover(processID: id, instance: InstanceID(String(name)))
        }
    }

    /// Ends what is left: politely for two seconds, then by force, for at most three more.
    ///
    /// Returns what was found first, and what is still there in the end, which only the kernel can hold on to.
    public func end(instance: InstanceID? = nil) async -> (found: [Leftover], remaining: [Leftover]) {
        let found = find(instance: instance)
        guard !found.isEmpty else { return ([], []) }
        send(SIGTERM, to: found)
        var left = await look(times: Self.politeLooks, instance: instance, signal: nil)
        if !left.isEmpty {
            left = await look(times: Self.forcedLooks, instance: instance, signal: SIGKILL)
        }
        return (found, left)
    }

    /// Looks until nothing is left; with a signal, sends it to whatever each look finds.
    private func look(times: Int, instance: InstanceID?, signal: Int32?) async -> [Leftover] {
        var left = find(instance: instance)
        for _ in 0..<times where !left.isEmpty {
            if let signal { send(signal, to: left) }
            try? await clock.sleep(for: Self.pause)
            left = find(instance: instance)
        }
        return left
    }

    private func send(_ signal: Int32, to leftovers: [Leftover]) {
        for leftover in leftovers {
            kill(leftover.processID, signal)
        }
    }
}
