// SPDX-License-Identifier: MIT

/// An engine whose process can give up most of its memory and take it back, much faster than it starts.
///
/// Its plan for an assignment with ``InstanceAssignment/parks`` has a ``LaunchPlan/parking``, unless it cannot be done on
/// this machine; for any other assignment it has none.
public protocol ParkingEngine: Engine {
    /// Whether the engine is parked, from the text that ``ParkingPlan/statePath`` answered; nil when that does not tell.
    func isParked(from text: String) -> Bool?
}

/// How a process is parked and woken: what to POST, and where to see what came of it.
public struct ParkingPlan: Sendable, Hashable {
    /// A request to the engine, with a body in JSON; any 2xx is success.
    public struct Call: Sendable, Hashable {
        /// With its query.
        public var path: String
        public var body: JSONValue

        /// Creates a call.
        public init(path: String, body: JSONValue = .object([:])) {
            self.path = path
            self.body = body
        }
    }

    public var park: Call
    public var wake: Call
    /// Answers with text for ``ParkingEngine/isParked(from:)``; nil where the engine does not tell.
    public var statePath: String?

    /// Creates a plan.
    public init(park: Call, wake: Call, statePath: String? = nil) {
        self.park = park
        self.wake = wake
        self.statePath = statePath
    }
}
