// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFTestFleet
import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Six models on demand in memory for three, while engines are killed, stopped for a moment and restarted.
@Suite("A long life of models on demand", .serialized)
struct OnDemandSoakTests {
    /// `SMMF_SOAK_EVENTS` sets another number.
    private static var events: Int { getenv("SMMF_SOAK_EVENTS").flatMap { Int(String(cString: $0)) } ?? 60 }
    private static let models = (1...6).map { "soak-\(getpid())-\($0)" }
    private static let budget = 110 << 20

    @Test("nothing is overcommitted or left behind, and every request is answered or refused with a reason")
    func soak() async throws {
        let configuration = "[server]\nmemory_budget = \(Self.budget >> 20)\n"
        try await TestFleet.run(.inProcess, configuration: configuration) { fleet in
            for name in Self.models {
                var deployment = try BuildProducts.simulated(name, ["--tokens", "10", "--interval-ms", "10"])
                deployment.unloadAfter = 1
                try await fleet.deploy(deployment)
            }
            var sizes: [String: Int] = [:]
            for name in Self.models { sizes[name] = try await Self.learn(name, fleet) }
            let watch = Task { [sizes] in try await Self.watch(sizes, fleet) }
            try await Self.live(fleet)
            for name in Self.models { try await fleet.wait(for: name, toBe: "unloaded") }
            watch.cancel()
            let most = try await watch.value
            print(
                "soak: \(Self.events) events, sizes \(sizes.values.map { $0 >> 20 }) MB, most in memory \(most >> 20) MB"
            )
            #expect(most <= Self.budget && most > 0)
            try await eventually("no engine is left") { Self.processes().isEmpty }
        }
    }

    /// Loads a model alone and returns what it was seen to take.
    private static func learn(_ name: String, _ fleet: TestFleet) async throws -> Int {
        try await eventually("\(name) answers") { try await fleet.chat(name, "hi").status == 200 }
        var size = 0
        try await eventually("the memory of \(name) is known") {
            size = try await fleet.model(name).instances.first?.memory ?? 0
            return size > 0
        }
        try await fleet.wait(for: name, toBe: "unloaded")
        return size
    }

    /// Looks at what is in memory until it is cancelled; returns the most that was.
    private static func watch(_ sizes: [String: Int], _ fleet: TestFleet) async throws -> Int {
        var most = 0
        try? await eventually("it is cancelled", within: .seconds(3600), every: .milliseconds(30)) {
            let models: [ModelStatus] = (try? await fleet.controller.call(.get, "/v1/deployments")) ?? []
            let live = models.flatMap(\.instances).filter { $0.state != .stopped && $0.state != .failed }
            most = max(most, live.reduce(0) { $0 + (sizes[$1.model.text] ?? 0) })
            return Task.isCancelled
        }
        return most
    }

    private static func live(_ fleet: TestFleet) async throws {
        var generator = SeededGenerator(seed: 7)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for event in 0..<events {
                let name = models.randomElement(using: &generator) ?? models[0]
                let kind = Int.random(in: 0..<10, using: &generator)
                group.addTask { try await happen(kind, to: name, fleet) }
                // A few at once, as users are.
                if event >= 4 { try await group.next() }
            }
            try await group.waitForAll()
        }
    }

    private static func happen(_ kind: Int, to name: String, _ fleet: TestFleet) async throws {
        switch kind {
        case 0:
            if let id = processes().randomElement() { kill(id, SIGKILL) }
        case 1:
            guard let id = processes().randomElement() else { return }
            kill(id, SIGSTOP)
            // For as long as a few calls take.
            for _ in 0..<20 { _ = try await fleet.model(name) }
            kill(id, SIGCONT)
        case 2:
            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/\(name)/restart")
        default:
            let answer = try await fleet.chat(name, "hi")
            let reason = answer.document["error"]?["message"]?.text ?? ""
            #expect(answer.status == 200 || !reason.isEmpty, "\(answer)")
            if answer.status != 200 { print("soak: \(answer.status) \(reason)") }
        }
    }

    /// Our simulators.
    private static func processes() -> [Int32] {
        let ids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
        return ids.filter { id in
            guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
            let words = String(decoding: line, as: UTF8.self).split(separator: "\0")
            return words.first?.hasSuffix("smmf-sim") == true && words.contains { $0.hasPrefix("soak-\(getpid())-") }
        }
    }
}
