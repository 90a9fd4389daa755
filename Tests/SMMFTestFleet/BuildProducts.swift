// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The programs that the build puts beside the tests, and the engines that `make test` installs.
public enum BuildProducts {
    /// The folder of the test program.
    public static let folder: String = {
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }()

    /// The `smmf` program.
    public static let smmf = "\(folder)/smmf"
    /// The simulator.
    public static let simulator = "\(folder)/smmf-sim"
    /// The command under which engines run.
    public static let guardProgram = [smmf, "__guard"]

    /// The root of the checkout.
    public static let root: String = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    /// The demo model.
    public static let demoModel = "\(root)/models/demo/smmf-demo.gguf"

    /// What `make test` prepares: a data folder with llama.cpp installed, and Python with the official clients.
    public static let testTools = "\(root)/.build/test-tools"
    /// A Python that has the official clients.
    public static let python = "\(testTools)/python/bin/python"

    /// llama.cpp as `make test` installed it; tests of real engines link a fleet's engines folder to it.
    public static let engines = "\(testTools)/data/engines"

    /// Lets the worker of the fleet in `folder` use the engines that `make test` installed.
    public static func shareEngines(with folder: String) throws {
        guard FileManager.default.fileExists(atPath: engines) else {
            throw SMMFError(
                .notFound,
                "\(engines) is not there.",
                nextStep: "Run the tests with make test, which prepares it."
            )
        }
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/engines", withDestinationPath: engines)
    }

    /// A deployment of the simulator; `flags` are its own.
    public static func simulated(_ name: String, _ flags: [String] = []) throws -> Deployment {
        let command = [simulator, "--port", "{port}", "--model", "{name}"] + flags
        let spec = EngineSpec(engine: "openai-compatible", source: "", arguments: command)
        return Deployment(name: try ModelName(name), backend: .engine(spec))
    }

    /// A deployment of the demo model on llama.cpp.
    public static func demo(_ name: String = "demo") throws -> Deployment {
        let spec = EngineSpec(engine: "llama.cpp", source: demoModel, context: 1024, parallel: 4, threads: 1)
        return Deployment(name: try ModelName(name), backend: .engine(spec))
    }
}
