// SPDX-License-Identifier: MIT

import NIOCore

/// The plans of requests that came before, byte for byte; one for each event loop, so that a burst of equal requests costs
/// neither JSON nor rendering.
final class SimulatorPlanCache {
    struct Key: Hashable {
        let path: String
        let client: SimulatorPlanner.Client
        let misbehaves: Bool
        let overrides: [String]
        let body: ByteBuffer
    }

    private static let limit = 256
    private static let longestBody = 65_536
    private var version: SimulatorCore.Version?
    private var plans: [Key: SimulatorPlan] = [:]

    func plan(for key: Key, version: SimulatorCore.Version, make: () -> SimulatorPlan) -> SimulatorPlan {
        if self.version !== version {
            self.version = version
            plans = [:]
        }
        if let plan = plans[key] { return plan }
        let plan = make()
        guard key.body.readableBytes <= Self.longestBody else { return plan }
        if plans.count >= Self.limit { plans = [:] }
        plans[key] = plan
        return plan
    }
}
