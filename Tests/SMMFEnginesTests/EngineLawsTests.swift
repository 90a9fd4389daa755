// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import SMMFTesting
import Testing

@Suite("The laws of engines")
struct EngineLawsTests {
    /// Engines that only tests have; the others' list is `Plugins.engines`.
    static let madeUp: [any Engine] = [
        MadeUpEngine()
    ]

    @Test("An engine that was added in one file and one line keeps them", arguments: madeUp.indices)
    func added(index: Int) {
        #expect(EngineLaws.violations(of: Self.madeUp[index]) == [])
    }

    @Test("An engine that breaks them is found out")
    func badEngine() {
        let violations = EngineLaws.violations(of: BadEngine())
        for law in [
            "exact version", "absolute path", "the port must", "served name", "key must not", "full disk", "no cause",
        ] {
            #expect(violations.contains { $0.contains(law) }, "\(law)")
        }
    }
}

private struct BadEngine: Engine {
    let name = "bad"
    let distribution = EngineDistribution(executables: ["bad"], pythonPackages: ["bad>=1"])

    func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        LaunchPlan(arguments: ["bad", launch.apiKey ?? ""], servedName: "another")
    }

    func progress(in line: String) -> LoadingProgress? { nil }

    func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? { InstanceFailure(.exited, "it ended") }

    func load(from text: String) -> LoadRecord? { nil }
}
