// SPDX-License-Identifier: MIT

import SMMFCore

@testable import SMMFWorker

/// Graphics cards as a test has them.
struct ScriptedDevices: DeviceReader {
    private let cards: [Device]
    private let processes: [DeviceUse]

    init(_ cards: [Device] = [], use: [DeviceUse] = []) {
        self.cards = cards
        self.processes = use
    }

    var visibility: String { "CUDA_VISIBLE_DEVICES" }

    func devices() async -> [Device] { cards }

    func use() async -> [DeviceUse] { processes }
}
