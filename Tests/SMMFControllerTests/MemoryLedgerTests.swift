// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFController

@Suite("What models take")
struct MemoryLedgerTests {
    private let spec = EngineSpec(engine: "llama.cpp", source: "/m.gguf", context: 1024)

    private func instance(_ state: InstanceState, memory: Int? = nil, generation: UInt64 = 1) -> Instance {
        var instance = Instance(id: InstanceID("i"), model: .example, state: state, generation: generation)
        instance.memory = memory
        return instance
    }

    private func deployments(_ spec: EngineSpec, generation: UInt64 = 1) -> [ModelName: Deployment] {
        [.example: Deployment(name: .example, backend: .engine(spec), generation: generation)]
    }

    @Test("a prediction holds until something was measured, for the same arguments only")
    func measured() {
        var ledger = MemoryLedger()
        #expect(ledger.bytes(of: spec, at: .zero) { _ in 500 } == 500)
        ledger.note([instance(.ready, memory: 700)], of: deployments(spec), at: .seconds(1))
        #expect(ledger.bytes(of: spec, at: .seconds(1)) { _ in 500 } == 700)
        ledger.note([instance(.ready, memory: 650)], of: deployments(spec), at: .seconds(2))
        #expect(ledger.bytes(of: spec, at: .seconds(2)) { _ in 500 } == 700, "the most that was seen counts")
        var longer = spec
        longer.context = 4096
        #expect(ledger.bytes(of: longer, at: .seconds(3)) { _ in 900 } == 900)
        // An instance of an earlier generation tells nothing of the present arguments.
        ledger.note([instance(.ready, memory: 700)], of: deployments(longer, generation: 2), at: .seconds(4))
        #expect(ledger.bytes(of: longer, at: .seconds(4)) { _ in nil } == 900)
    }

    @Test("what nobody can tell is asked for again after a while, and a limit bounds it")
    func unknown() {
        var ledger = MemoryLedger()
        #expect(ledger.bytes(of: spec, at: .zero) { _ in nil } == nil)
        #expect(ledger.bytes(of: spec, at: .seconds(1)) { _ in 500 } == nil)
        #expect(ledger.bytes(of: spec, at: .seconds(30)) { _ in 500 } == 500)
        var limited = spec
        limited.limits.memory = 64
        #expect(ledger.bytes(of: limited, at: .zero) { _ in nil } == 64 << 20)
        limited.context = 1
        #expect(ledger.bytes(of: limited, at: .zero) { _ in 1 << 40 } == 64 << 20)
    }

    @Test("the time of a load is what its last one took")
    func loadTime() {
        var ledger = MemoryLedger()
        ledger.note([instance(.starting)], of: deployments(spec), at: .seconds(1))
        ledger.note([instance(.loading)], of: deployments(spec), at: .seconds(2))
        #expect(ledger.loadTime(of: .example) == .zero)
        ledger.note([instance(.ready)], of: deployments(spec), at: .seconds(9))
        #expect(ledger.loadTime(of: .example) == .seconds(8))
    }
}
