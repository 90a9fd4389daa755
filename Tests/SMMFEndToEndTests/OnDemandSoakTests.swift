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

/// Six models on demand in memory for three, two of which are parked when nobody asks for them, while engines are killed,
/// stopped for a moment and restarted.
@Suite("A long life of models on demand", .serialized)
struct OnDemandSoakTests {
    /// `SMMF_SOAK_EVENTS` sets another number.
    private static var events: Int { getenv("SMMF_SOAK_EVENTS").flatMap { Int(String(cString: $0)) } ?? 60 }
    private static let models = (1...6).map { "soak-\(getpid())-\($0)" }
    /// Those of the models that are parked.
    private static let parked = models.suffix(2)
    private static let budget = 110 << 20

    /// What happened.
    private actor Tally {
        private var events: [String: Int] = [:]
        private var answered = 0
        /// By status and reason, with the numbers in it left out.
        private var refusals: [String: Int] = [:]

        func note(_ event: String) { events[event, default: 0] += 1 }

        func note(status: Int, _ reason: String) {
            note("request")
            guard status != 200 else { return answered += 1 }
            let words = reason.filter { !$0.isNumber }.prefix(160)
            refusals["\(status) \(words)", default: 0] += 1
        }

        /// One line for the events, and one for each way to be refused.
        var text: String {
            let counts = events.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            let refused = refusals.values.reduce(0, +)
            return
                (["soak: \(counts); \(answered) answered, \(refused) refused"]
                + refusals.sorted { $0.key < $1.key }.map { "soak: refused \($0.value) times: \($0.key)" })
                .joined(separator: "\n")
        }
    }

    @Test("nothing is overcommitted or left behind, and every request is answered or refused with a reason")
    func soak() async throws {
        let folder = try TemporaryFolder()
        let configuration = """
            [server]
            memory_budget = \(Self.budget >> 20)

            [engines.lmdeploy]
            program = "\(try ParkingFleetTests.program(in: folder))"

            """
        try await TestFleet.run(.inProcess, configuration: configuration) { fleet in
            for name in Self.models {
                var deployment = try BuildProducts.simulated(name, ["--tokens", "10", "--interval-ms", "10"])
                deployment.unloadAfter = 1
                if Self.parked.contains(name) {
                    let flags = "--tokens 10 --interval-ms 10 --ballast-mb 10 --load-ms 0"
                    deployment = try ParkingFleetTests.deployment(name, folder, simulated: flags)
                }
                try await fleet.deploy(deployment)
            }
            var sizes: [String: Int] = [:]
            for name in Self.models { sizes[name] = try await Self.learn(name, fleet) }
            let watch = Task { [sizes] in try await Self.watch(sizes, fleet) }
            let tally = Tally()
            let start = ContinuousClock.now
            try await Self.live(fleet, tally)
            for name in Self.models { try await Self.rest(name, fleet) }
            watch.cancel()
            let most = try await watch.value
            let seconds = start.duration(to: .now).components.seconds
            print(
                "soak: \(Self.events) events in \(seconds) s, sizes \(sizes.values.map { $0 >> 20 }.sorted()) MB, most in "
                    + "memory \(most >> 20) of \(Self.budget >> 20) MB"
            )
            print(await tally.text)
            #expect(most <= Self.budget && most > 0)
            for name in Self.models { try await fleet.controller.send(.delete, "/v1/deployments/\(name)") }
            try await eventually("no engine is left") { Self.processes().isEmpty }
            print("soak: \(Self.processes().count) engines left behind")
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
        try await rest(name, fleet)
        return size
    }

    /// Waits until nobody asks for a model any more.
    private static func rest(_ name: String, _ fleet: TestFleet) async throws {
        try await eventually("\(name) rests", within: .seconds(60), every: .milliseconds(50)) {
            let summary = try await fleet.model(name).summary
            return summary == "unloaded" || parked.contains(name) && summary == "parked"
        }
    }

    /// Looks at what is in memory until it is cancelled; returns the most that was.
    private static func watch(_ sizes: [String: Int], _ fleet: TestFleet) async throws -> Int {
        var most = 0
        try? await eventually("it is cancelled", within: .seconds(3600), every: .milliseconds(30)) {
            let models: [ModelStatus] = (try? await fleet.controller.call(.get, "/v1/deployments")) ?? []
            let live = models.flatMap(\.instances).filter { $0.state != .stopped && $0.state != .failed }
            // One that is parked holds what it was seen to keep.
            let held = live.map { one in
                let size = sizes[one.model.text] ?? 0
                switch one.state {
                case .parked: return one.memory ?? 0
                case .draining: return min(one.memory ?? size, size)
                default: return size
                }
            }
            most = max(most, held.reduce(0, +))
            return Task.isCancelled
        }
        return most
    }

    private static func live(_ fleet: TestFleet, _ tally: Tally) async throws {
        var generator = SeededGenerator(seed: 7)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for event in 0..<events {
                let name = models.randomElement(using: &generator) ?? models[0]
                let kind = Int.random(in: 0..<10, using: &generator)
                group.addTask { try await happen(kind, to: name, fleet, tally) }
                // A few at once, as users are.
                if event >= 4 { try await group.next() }
            }
            try await group.waitForAll()
        }
    }

    private static func happen(_ kind: Int, to name: String, _ fleet: TestFleet, _ tally: Tally) async throws {
        switch kind {
        case 0:
            guard let id = processes().randomElement() else { return await tally.note("kill of nothing") }
            kill(id, SIGKILL)
            await tally.note("kill")
        case 1:
            guard let id = processes().randomElement() else { return await tally.note("hang of nothing") }
            await tally.note("hang")
            kill(id, SIGSTOP)
            // For as long as a few calls take.
            for _ in 0..<20 { _ = try await fleet.model(name) }
            kill(id, SIGCONT)
        case 2:
            await tally.note("restart")
            let _: ModelStatus = try await fleet.controller.call(.post, "/v1/deployments/\(name)/restart")
        default:
            let answer = try await fleet.chat(name, "hi")
            let reason = answer.document["error"]?["message"]?.text ?? ""
            #expect(answer.status == 200 || !reason.isEmpty, "\(answer)")
            await tally.note(status: answer.status, reason)
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
