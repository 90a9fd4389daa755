// SPDX-License-Identifier: MIT

/// One request's place on an instance. It cannot be copied and gives its place back exactly once, when it is released
/// or when its owner lets go of it, so a load count cannot leak.
public struct LoadSlot: ~Copyable, Sendable {
    private let load: InstanceLoad

    /// Takes a place.
    public init(on load: InstanceLoad) {
        self.load = load
        load.enter()
    }

    /// Gives the place back now.
    public consuming func release() {}

    deinit { load.leave() }
}
