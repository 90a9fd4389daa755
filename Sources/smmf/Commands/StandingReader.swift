// SPDX-License-Identifier: MIT

import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks an API server how it stands with its instances.
enum StandingReader {
    private struct Page: Decodable { var instances: [InstanceStanding] }

    /// The standings by instance; nil where no API server answers at `address`, or at the usual one. An address that is
    /// none counts as one where nobody answers.
    static func read(_ address: String?) async -> [InstanceID: InstanceStanding]? {
        let environment = ProcessInfo.processInfo.environment
        var configuration = Configuration()
        guard (try? configuration.override(with: environment)) != nil else { return nil }
        if let address {
            guard let given = try? ListenAddress(address, field: "--api") else { return nil }
            configuration.api = given
        }
        let answer = try? await PlainHTTP(http: SharedHTTP()).get(
            configuration.api.endpoint(),
            path: "/smmf/instances",
            bearer: environment["SMMF_API_KEY"].flatMap { $0.isEmpty ? nil : $0 },
            timeout: .seconds(3),
            limit: 1 << 24
        )
        guard let answer, answer.status == 200, let page = try? ControlJSON.decode(Page.self, from: answer.body) else {
            return nil
        }
        return Dictionary(page.instances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
