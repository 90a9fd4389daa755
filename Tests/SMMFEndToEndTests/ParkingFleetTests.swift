// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Models that are parked when nobody asks for them, on LMDeploy as the simulator plays it.
@Suite("Models that are parked", .serialized, .timeLimit(.minutes(5)))
struct ParkingFleetTests {
    /// A program that starts as LMDeploy does.
    static func program(in folder: TemporaryFolder) throws -> String {
        let path = try folder.write(
            "#!/bin/sh\nexec \(BuildProducts.simulator) $SIMULATED --as lmdeploy \"$@\"\n",
            to: "lmdeploy"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    static func deployment(_ name: String, _ folder: TemporaryFolder, simulated: String = "") throws
        -> Deployment
    {
        var spec = EngineSpec(engine: "lmdeploy", source: folder.path)
        spec.environment = ["SIMULATED": "--ballast-mb 64 --load-ms 300 \(simulated)"]
        return Deployment(name: try ModelName(name), backend: .engine(spec), unloadAfter: 1, parks: true)
    }

    @Test("one is parked when it is idle, woken by the next request in the same process, and ends when memory is short")
    func life() async throws {
        let folder = try TemporaryFolder()
        let configuration = """
            [server]
            memory_budget = 240

            [engines.lmdeploy]
            program = "\(try Self.program(in: folder))"

            """
        try await TestFleet.run(.inProcess, configuration: configuration) { fleet in
            for name in ["first", "second"] {
                try await fleet.deploy(Self.deployment(name, folder))
                try await eventually("\(name) answers") { try await fleet.chat(name).status == 200 }
                try await fleet.wait(for: name, toBe: "parked")
            }
            // Both are parked beside each other, as what they keep is little.
            let parked = try await fleet.model("first").instances
            #expect(parked.map(\.state) == [.parked] && (parked.first?.memory ?? .max) < 64 << 20, "\(parked)")
            for _ in 0..<3 {
                let answer = try await fleet.chat("first")
                #expect(answer.status == 200, "\(answer)")
                try await fleet.wait(for: "first", toBe: "parked")
            }
            #expect(try await fleet.model("first").instances.first?.processID == parked.first?.processID)
            // Nobody knows the size of the third, so it is loaded where nothing else is.
            var large = try Self.deployment("large", folder, simulated: "--ballast-mb 180")
            large.parks = false
            try await fleet.deploy(large)
            try await eventually("the large one answers") { try await fleet.chat("large").status == 200 }
            try await eventually("the parked ones have made room") {
                let (first, second) = (try await fleet.model("first"), try await fleet.model("second"))
                return first.instances.isEmpty && second.instances.isEmpty
            }
        }
    }

    @Test("requests for one that does not wake are answered all the same, by a new process")
    func failedWake() async throws {
        let folder = try TemporaryFolder()
        let configuration = "[engines.lmdeploy]\nprogram = \"\(try Self.program(in: folder))\"\n"
        try await TestFleet.run(.inProcess, configuration: configuration) { fleet in
            try await fleet.deploy(Self.deployment("stuck", folder, simulated: "--sleep-fault stay"))
            try await eventually("it answers") { try await fleet.chat("stuck").status == 200 }
            try await fleet.wait(for: "stuck", toBe: "parked")
            let before = try await fleet.model("stuck").instances.first?.processID
            let answer = try await fleet.chat("stuck")
            #expect(answer.status == 200, "\(answer)")
            let after = try await fleet.model("stuck").instances.first
            #expect(after?.processID != before && after?.failure?.kind == .wakeFailed, "\(String(describing: after))")
            // It is known now, and is ended the next time.
            try await fleet.wait(for: "stuck", toBe: "unloaded")
        }
    }

    @Test("park is refused where it means nothing")
    func refusals() async throws {
        try await TestFleet.run(.inProcess) { fleet in
            var demo = try BuildProducts.demo("m")
            demo.parks = true
            await #expect(throws: SMMFError.self) { try await fleet.deploy(demo) }
            demo.unloadAfter = 60
            do {
                try await fleet.deploy(demo)
                Issue.record("llama.cpp cannot be parked")
            } catch let error as SMMFError {
                #expect(error.field == "park" && error.nextStep?.contains("vllm") == true, "\(error)")
            }
        }
    }
}
