// SPDX-License-Identifier: MIT

import Logging
import SMMFWire

/// What all loops share and none changes.
struct RelaySettings: Sendable {
    let configuration: RelayConfiguration
    let operations: [RelayOperation]
    let localRoutes: [LocalRoute]
    let translations: TranslationTable
    /// By name.
    let providers: [String: any RelayProvider]
    let paths: PathTable
    /// Nil unless web pages may call.
    let crossOrigin: CrossOriginPolicy?
    let loopCount: Int
    /// Whether only this machine can reach the listeners.
    let isLoopback: Bool
    let accessLog: AccessLog?
    let logger: Logger

    var timeouts: RelayTimeouts { configuration.timeouts }

    /// One loop's part of a bound that holds for all of them.
    func share(_ bound: Int) -> Int { max(1, (bound + loopCount - 1) / loopCount) }
}
