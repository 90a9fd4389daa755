// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFKeys
import SMMFRelay
import SMMFRouting
import Testing

/// API keys whose secrets a test knows: `sk-smmf-` and the key's name.
struct TestKeys: Sendable {
    private var entries: [KeyEntry] = []

    static func secret(_ name: String) -> String { "sk-smmf-\(name)" }

    static func field(_ name: String) -> String { "Authorization: Bearer \(secret(name))\r\n" }

    @discardableResult
    mutating func add(
        _ name: String,
        models: [String] = [],
        _ limits: KeyLimits = .none,
        expires: Timestamp? = nil,
        isRevoked: Bool = false,
        meter: KeyMeter = KeyMeter()
    ) throws -> KeyMeter {
        let key = APIKey(
            id: KeyID("key-\(name)"),
            name: name,
            prefix: KeySecret.prefix(of: Self.secret(name)),
            digest: KeySecret.digest(of: Self.secret(name)),
            models: try ModelScope(models),
            limits: limits,
            created: Timestamp(milliseconds: 0),
            expires: expires,
            isRevoked: isRevoked
        )
        entries.append(KeyEntry(KeyCard(key), meter: meter))
        return meter
    }

    var table: KeyTable { KeyTable(entries, isRequired: true) }
}

extension TestRelay {
    /// Routes `m` and `other` to instances on these ports, for who has one of the keys.
    func publish(_ upstreams: [Int], _ keys: TestKeys) async throws {
        await server.publish(
            RoutingTable([try entry("m", upstreams), try entry("other", upstreams)]),
            keys: keys.table
        )
    }
}

extension KeyMeter {
    /// Checks that nothing is held any more.
    func expectSettled(_ location: SourceLocation = #_sourceLocation) {
        #expect(inFlight == 0 && reservedTokens == 0, sourceLocation: location)
    }
}
