// SPDX-License-Identifier: MIT

import NIOCore

/// Builds the steps of a plan: joins what is written at one time, and cuts it again where the script wants small writes.
struct SimulatorPlanWriter {
    private let script: SimulatorScript
    private var steps: [SimulatorPlan.Step] = []
    private var bytes: [UInt8] = []
    private var tokens = 0
    private var cuts: SizeCycle

    init(script: SimulatorScript) {
        self.script = script
        cuts = SizeCycle(script.writeSizes)
    }

    mutating func write(_ bytes: some Sequence<UInt8>, tokens: Int = 0) {
        self.bytes.append(contentsOf: bytes)
        self.tokens += tokens
    }

    mutating func step(_ step: SimulatorPlan.Step) {
        flush()
        steps.append(step)
    }

    mutating func pause(_ duration: Duration) {
        if duration > .zero { step(.pause(duration)) }
    }

    mutating func finish(_ last: SimulatorPlan.Step, cost: SimulatorPlan.Cost) -> SimulatorPlan {
        step(last)
        return SimulatorPlan(steps: steps, cost: cost)
    }

    private mutating func flush() {
        guard !bytes.isEmpty else { return }
        var counted = tokens
        let slices = cuts.cut(bytes)
        for (index, slice) in slices.enumerated() {
            if index > 0 { steps.append(.pause(script.writePause)) }
            steps.append(.write(ByteBuffer(bytes: slice), tokens: counted))
            counted = 0
        }
        bytes.removeAll()
        tokens = 0
    }
}
