// SPDX-License-Identifier: MIT

public import SMMFCore
import Subprocess
import Synchronization

#if canImport(System)
import System
#else
import SystemPackage
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Asks NVIDIA's tool. It runs only where the driver has cards or the tool is named, and for a few seconds at the most: a
/// sick driver makes it hang.
public struct NvidiaReader: DeviceReader {
    private let program: String?
    private let patience: Duration

    /// The driver makes this file when it has a card to drive.
    private static let driver = "/dev/nvidiactl"
    private static let answerLimit = 1 << 20
    /// So many tools may hang at once.
    private static let runningLimit = 4
    private static let running = Atomic<Int>(0)

    /// Creates a reader of this machine's cards.
    public init() {
        self.init(program: access(Self.driver, F_OK) == 0 ? "nvidia-smi" : nil)
    }

    /// Creates a reader with a program of its own, by path or by a name on PATH; nil is a machine without cards.
    init(program: String?, patience: Duration = .seconds(5)) {
        self.program = program
        self.patience = patience
    }

    public var visibility: String { "CUDA_VISIBLE_DEVICES" }

    public func devices() async -> [Device] {
        await NvidiaText.devices(ask("--query-gpu=" + NvidiaText.deviceColumns))
    }

    public func use() async -> [DeviceUse] {
        await NvidiaText.use(ask("--query-compute-apps=" + NvidiaText.useColumns))
    }

    /// What the tool prints; empty when it fails, or has not ended in time.
    private func ask(_ query: String) async -> String {
        guard let program else { return "" }
        let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        let patience = patience
        // Not a group, which would wait for a tool that cannot be killed; and few of those are left behind.
        guard Self.running.load(ordering: .relaxed) < Self.runningLimit else { return "" }
        let (answers, answer) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(1))
        Self.running.add(1, ordering: .relaxed)
        let run = Task {
            let result = try? await Subprocess.run(
                executable,
                arguments: [query, "--format=csv,noheader"],
                output: .string(limit: Self.answerLimit),
                error: .discarded
            )
            Self.running.subtract(1, ordering: .relaxed)
            if let result, case .exited(0) = result.terminationStatus { answer.yield(result.standardOutput) }
            answer.finish()
        }
        let limit = Task {
            try? await Task.sleep(for: patience)
            answer.finish()
        }
        // Cancelling ends the tool.
        defer {
            run.cancel()
            limit.cancel()
        }
        var texts = answers.makeAsyncIterator()
        return await texts.next() ?? ""
    }
}
