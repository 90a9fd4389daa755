// SPDX-License-Identifier: MIT

import Logging
import SMMFCore

/// What a supervisor works with.
struct SupervisorParts: Sendable {
    var id: WorkerID
    var data: String
    var engines: [any Engine]
    var locator: EngineLocator
    var registry: any Registry
    var probe: any EngineProbe
    var clock: any Clock<Duration>
    var timeOfDay: @Sendable () -> Timestamp
    var settings: SupervisorSettings
    var logger: Logger
    var memoryBudget: Int?
    var machine = MachineFacts.here()
    var devices: any DeviceReader = MachineDevices.reader()
    /// Finds the place for control groups, when first an instance has a memory limit.
    var groups: @Sendable (WorkerID) -> MemoryGroups? = { MemoryGroups.find(worker: $0.text) }
}
