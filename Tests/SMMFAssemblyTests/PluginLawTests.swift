// SPDX-License-Identifier: MIT

import SMMFAssembly
import SMMFCore
import SMMFTesting
import Testing

/// The laws of each kind of plug-in, over everything in ``Plugins``: a new plug-in is tested without touching a test.
@Suite("Plug-in laws")
struct PluginLawTests {
    @Test("every policy keeps the policy laws", arguments: Plugins.policies.map(\.name))
    func policies(name: String) throws {
        let policy = try #require(Plugins.policies.first { $0.name == name })
        try PolicyLaws.check(policy)
    }

    @Test("every registry keeps the registry laws", arguments: Plugins.registries.map(\.name))
    func registries(name: String) async throws {
        let registry = try #require(Plugins.registries.first { $0.name == name })
        for law in RegistryLaws(make: { registry.make($0) }).all {
            do {
                try await law.check()
            } catch {
                Issue.record("\(name): \(law.name): \(error)")
            }
        }
    }

    @Test("every key store keeps the key store laws", arguments: Plugins.keyStores.map(\.name))
    func keyStores(name: String) async throws {
        let store = try #require(Plugins.keyStores.first { $0.name == name })
        let laws = KeyStoreLaws {
            let folder = try TemporaryFolder()
            // What lives in memory is one store for all openings; a file is opened anew.
            let kept = name == "memory" ? try store.open("") : nil
            return { try kept ?? store.open(folder.file("smmf.sqlite")) }
        }
        for law in laws.all {
            do {
                try await law.check()
            } catch {
                Issue.record("\(name): \(law.name): \(error)")
            }
        }
    }

    @Test("every engine keeps the engine laws", arguments: Plugins.engines.map(\.name))
    func engines(name: String) throws {
        let engine = try #require(Plugins.engines.first { $0.name == name })
        #expect(EngineLaws.violations(of: engine) == [])
    }

    @Test("names are unique within a kind")
    func unique() {
        for names in [
            Plugins.policies.map(\.name), Plugins.engines.map(\.name), Plugins.registries.map(\.name),
            Plugins.keyStores.map(\.name),
        ] {
            #expect(Set(names).count == names.count)
        }
    }
}
