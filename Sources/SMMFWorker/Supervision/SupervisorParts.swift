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
}
