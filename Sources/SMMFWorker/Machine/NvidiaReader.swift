// SPDX-License-Identifier: MIT

public import SMMFCore
import Subprocess

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
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                let result = try? await Subprocess.run(
                    executable,
                    arguments: [query, "--format=csv,noheader"],
                    output: .string(limit: Self.answerLimit),
                    error: .discarded
                )
                guard let result, case .exited(0) = result.terminationStatus else { return nil }
                return result.standardOutput
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            let first = await group.next() ?? nil
            // Cancelling ends the tool.
            group.cancelAll()
            return first ?? ""
        }
    }
}
