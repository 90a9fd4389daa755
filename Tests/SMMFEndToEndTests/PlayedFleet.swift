// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import SMMFProviders
import SMMFTestFleet
import SMMFTesting

/// A fleet with one model, `m`, at a provider that is played.
enum PlayedFleet {
    /// Runs `body` once the model is listed.
    static func run(
        _ name: String,
        kind: ModelKind = .language,
        _ body: @escaping @Sendable (TestFleet, SimulatedProvider) async throws -> Void
    ) async throws {
        try await SimulatedProvider.running(name) { provider in
            let configuration = """
                [[models]]
                name = "m"
                kind = "\(kind.rawValue)"
                provider = "\(name)"
                source = "sim"
                base_url = "\(base(provider))"
                api_key = "ak:sk"
                """
            try await TestFleet.run(.inProcess, configuration: configuration) { fleet in
                try await eventually("it is served") {
                    let path = "/v1/models/m"
                    return try await fleet.plain.get(fleet.api, path: path, timeout: .seconds(5), limit: 4096).status
                        == 200
                }
                try await body(fleet, provider)
            }
        }
    }

    /// The address of the provider that is played with the path of the real one's, unless that has places for options.
    private static func base(_ played: SimulatedProvider) -> String {
        let base = Providers.named(played.provider.name)?.base ?? ""
        guard !base.contains("/{"), !base.contains("={") else { return played.baseURL }
        return "http://127.0.0.1:\(played.port)"
            + base.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3).map { "/\($0)" }.joined()
    }
}
