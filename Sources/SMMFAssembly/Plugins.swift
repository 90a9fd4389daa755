// SPDX-License-Identifier: MIT

public import SMMFCore
import SMMFEngines
import SMMFRegistries
import SMMFRouting

/// The one list of plug-ins. A new engine, policy or registry is a file of its own and a line here; the law tests run
/// over these lists, and a smaller build is a shorter list.
public enum Plugins {
    /// Adapters to inference frameworks that SMMF starts.
    public static let engines: [any Engine] = [
        LlamaCppEngine(),
        CommandEngine(),
    ]

    /// Ways to choose an instance; the first is used where a name is unknown.
    public static let policies: [any RoutingPolicy] = [
        LeastLoadPolicy(),
        PowerOfTwoPolicy(),
        RoundRobinPolicy(),
        RandomPolicy(),
    ]

    /// Registries that a process can hold by itself, made empty on a clock.
    public static let registries: [(name: String, make: @Sendable (any Clock<Duration>) -> any Registry)] = [
        ("memory", { clock in MemoryRegistry(clock: clock) })
    ]
}
