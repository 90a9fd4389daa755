// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import SMMFTesting

@testable import SMMFWorker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The real llama.cpp, where this machine has it: an environment named by `SMMF_TEST_LLAMACPP`, or one that was
/// installed beside the test tools by `make test`, or a `llama-server` on PATH.
enum RealLlamaCpp {
    /// A locator that finds it; `folder` is for links. Nil where there is none.
    static func locator(in folder: TemporaryFolder) throws -> EngineLocator? {
        let engine = LlamaCppEngine()
        guard let path = ProcessInfo.processInfo.environment["SMMF_TEST_LLAMACPP"] else {
            let installed = EngineLocator(data: "\(projectFolder)/.build/test-tools/data")
            return installed.program(for: engine) == nil ? nil : installed
        }
        let locator = EngineLocator(data: folder.file("data"), searchPath: "")
        let environment = locator.environments.environment(of: engine)
        try FileManager.default.createDirectory(
            atPath: folder.file("data/engines/llama.cpp"),
            withIntermediateDirectories: true
        )
        try FileManager.default.createSymbolicLink(atPath: environment.path, withDestinationPath: path)
        try environment.writeFiles()
        try environment.markComplete()
        return locator
    }

    /// Whether the tests that need it can run.
    static var isHere: Bool {
        guard let folder = try? TemporaryFolder() else { return false }
        return (try? locator(in: folder)) ?? nil != nil
    }

    private static let projectFolder = #filePath.components(separatedBy: "/Tests/").first ?? ""
}
