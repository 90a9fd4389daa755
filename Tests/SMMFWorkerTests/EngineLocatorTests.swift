// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import SMMFTesting
import Testing

@testable import SMMFWorker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Where an engine's program is found")
struct EngineLocatorTests {
    let folder: TemporaryFolder
    let engine = LlamaCppEngine()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func program(_ name: String) throws -> String {
        let path = try folder.write("#!/bin/sh\n", to: name)
        makeExecutable(path)
        return path
    }

    @Test("The configuration comes first, then PATH in its order, then the installed environment")
    func order() throws {
        var locator = EngineLocator(
            data: folder.file("data"),
            searchPath: "relative:\(folder.file("a")):\(folder.file("b"))"
        )
        #expect(locator.program(for: engine) == nil)
        let environment = locator.environments.environment(of: engine)
        try folder.write("", to: "data/engines/llama.cpp/\(engine.distribution.version)/bin/python")
        #expect(locator.program(for: engine) == nil, "an environment without its mark is not complete")
        try environment.markComplete()
        #expect(locator.program(for: engine) == .environment(environment.path))
        let second = try program("b/llama-server")
        #expect(locator.program(for: engine) == .executable(second))
        let first = try program("a/llama-server")
        #expect(locator.program(for: engine) == .executable(first))
        let own = try program("own")
        locator.overrides["llama.cpp"] = own
        #expect(locator.program(for: engine) == .executable(own))
        #expect(locator.program(for: OpenAICompatibleEngine()) == EngineProgram.none)
    }

    @Test("A path of the configuration that leads nowhere is said, and nothing else is taken instead")
    func badOverride() throws {
        _ = try program("a/llama-server")
        let locator = EngineLocator(
            data: folder.path,
            overrides: ["llama.cpp": "/no/such/program"],
            searchPath: folder.file("a")
        )
        #expect(locator.program(for: engine) == nil)
        let failure = #expect(throws: InstanceFailure.self) { try locator.requireProgram(for: engine) }
        #expect(failure?.message.contains("/no/such/program") == true)
    }

    @Test("An environment of other packages counts as missing, and its files are brought up to date")
    func stale() throws {
        let locator = EngineLocator(data: folder.path, searchPath: "")
        let environment = locator.environments.environment(of: engine)
        let launcher = "engines/llama.cpp/\(engine.distribution.version)/llamacpp_launcher.py"
        let file = try folder.write("old", to: launcher)
        try folder.write("another==1\n", to: "engines/llama.cpp/\(engine.distribution.version)/smmf-installed")
        #expect(!environment.isComplete)
        try environment.markComplete()
        #expect(try locator.requireProgram(for: engine) == .environment(environment.path))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == engine.distribution.files["llamacpp_launcher.py"])
    }
}
