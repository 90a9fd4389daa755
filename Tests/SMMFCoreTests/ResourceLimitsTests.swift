// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Limits of an instance")
struct ResourceLimitsTests {
    private func decode(_ text: String) throws -> ResourceLimits {
        try JSONDecoder().decode(ResourceLimits.self, from: Data(text.utf8))
    }

    private func refusal(_ limits: ResourceLimits, environment: [String: String] = [:]) -> SMMFError? {
        let spec = EngineSpec(engine: "e", source: "s", environment: environment, limits: limits)
        let deployment = Deployment(name: .example, backend: .engine(spec))
        do {
            try deployment.validate(engines: ["e"], providers: [], policies: [Deployment.defaultPolicy], others: [])
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a list of cores is read as Linux writes it",
        arguments: [
            ("0", [0]), ("0-3", [0, 1, 2, 3]), ("0-1,4", [0, 1, 4]), ("4,0-1,1", [0, 1, 4]), ("", nil), ("a", nil),
            ("3-1", nil), ("1-", nil), ("-1", nil), ("0,", nil), ("0-1024", nil), ("1024", nil), ("99999999999", nil),
            ("0-3-5", nil), ("+1", nil),
        ] as [(String, [Int]?)]
    )
    func coreLists(text: String, cores: [Int]?) {
        #expect(CoreRequest.parse(text) == cores)
    }

    @Test("cores survive being written and read")
    func coreRoundTrip() {
        for seed in 0..<200 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...20, using: &generator)
            let cores = Set((0..<count).map { _ in Int.random(in: 0..<40, using: &generator) }).sorted()
            #expect(CoreRequest.parse(CoreRequest.text(cores)) == cores, "seed \(seed)")
        }
        #expect(CoreRequest.text([0, 1, 2, 5, 7, 8]) == "0-2,5,7-8")
    }

    @Test("limits are read, written and read again")
    func codable() throws {
        let text = #"{"memory":4096,"cores":"0-3","devices":[0,"GPU-1a"],"niceness":5}"#
        let limits = try decode(text)
        #expect(limits.cores == .list([0, 1, 2, 3]) && limits.devices == .list(["0", "GPU-1a"]))
        #expect(try JSONDecoder().decode(ResourceLimits.self, from: JSONEncoder().encode(limits)) == limits)
        let counts = try decode(#"{"cores":2,"devices":1}"#)
        #expect(counts == ResourceLimits(cores: .count(2), devices: .count(1)))
        #expect(try decode("{}").isEmpty)
    }

    @Test("an unknown limit is refused with what was probably meant")
    func unknown() throws {
        let error = #expect(throws: SMMFError.self) { try decode(#"{"memmory":1}"#) }
        #expect(error?.nextStep == "Did you mean memory?")
        #expect(throws: SMMFError.self) { try decode(#"{"cores":true}"#) }
        #expect(throws: SMMFError.self) { try decode(#"{"devices":"0"}"#) }
        #expect(throws: SMMFError.self) { try decode(#"{"devices":[-1]}"#) }
    }

    @Test(
        "what no machine can give is refused by the field's name",
        arguments: [
            (ResourceLimits(memory: 1), "limits.memory"), (ResourceLimits(memory: -4), "limits.memory"),
            (ResourceLimits(niceness: 20), "limits.niceness"), (ResourceLimits(niceness: -1), "limits.niceness"),
            (ResourceLimits(cores: .count(0)), "limits.cores"), (ResourceLimits(cores: .list([])), "limits.cores"),
            (ResourceLimits(cores: .list([4096])), "limits.cores"),
            (ResourceLimits(devices: .count(0)), "limits.devices"),
            (ResourceLimits(devices: .list(["0", "0"])), "limits.devices"),
            (ResourceLimits(devices: .list(["0,1"])), "limits.devices"),
            (ResourceLimits(devices: .list([])), "limits.devices"),
        ]
    )
    func refusals(limits: ResourceLimits, field: String) {
        #expect(refusal(limits)?.field == field)
    }

    @Test("a limit and a variable that choose the cards contradict each other")
    func contradiction() {
        let limits = ResourceLimits(devices: .count(1))
        #expect(refusal(limits) == nil)
        #expect(refusal(limits, environment: ["CUDA_VISIBLE_DEVICES": "0"])?.field == "limits.devices")
    }
}
