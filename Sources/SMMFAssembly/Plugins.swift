// SPDX-License-Identifier: MIT

public import SMMFCore
import SMMFEngines
public import SMMFProviders
import SMMFRegistries
import SMMFRouting

/// The one list of plug-ins. A new engine, policy or registry is a file of its own and a line here; the law tests run
/// over these lists, and a smaller build is a shorter list.
public enum Plugins {
    /// Adapters to inference frameworks that SMMF starts.
    public static let engines: [any Engine] = [
        LlamaCppEngine(),
        VLLMEngine(),
        SGLangEngine(),
        TransformersEngine(),
        FastChatEngine(),
        MLXEngine(),
        InfinityEngine(),
        TGIEngine(),
        TensorRTLLMEngine(),
        LMDeployEngine(),
        OllamaEngine(),
        TEIEngine(),
        OpenAICompatibleEngine(),
    ]

    /// Remote APIs that serve models.
    public static let providers: [Provider] = Providers.all

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

    /// Opens a key store on a controller's database file.
    public typealias OpenKeyStore = @Sendable (_ path: String) throws -> any KeyStore

    /// Where a controller can keep API keys; the first is used.
    public static let keyStores: [(name: String, open: OpenKeyStore)] = {
        let memory: OpenKeyStore = { _ in MemoryKeyStore() }
        #if SQLite
        let sqlite: OpenKeyStore = { path in try SQLiteKeyStore(path: path) }
        return [("sqlite", sqlite), ("memory", memory)]
        #else
        return [("memory", memory)]
        #endif
    }()
}
