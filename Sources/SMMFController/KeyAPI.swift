// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore

/// The controller's operations on API keys.
enum KeyAPI {
    static func routes(_ controller: Controller) -> [ControlRoute] {
        [
            ControlRoute(
                .get,
                "/v1/keys",
                "Lists API keys with what they may use and have spent; secrets and digests are not shown.",
                answer: ControlSchema("KeyStatuses", example: [example.key])
            ) { _ in try .json(await controller.apiKeys()) },
            ControlRoute(
                .post,
                "/v1/keys",
                "Makes an API key; the answer is the only time that its secret is shown.",
                body: ControlSchema("KeyRequest", example: request),
                answer: ControlSchema("CreatedKey", example: example)
            ) { request in try .json(await controller.createKey(request.decode(KeyRequest.self))) },
            ControlRoute(
                .put,
                "/v1/keys/{id}",
                "Changes an API key's name, models, limits and expiry.",
                body: ControlSchema("KeyRequest", example: request),
                answer: ControlSchema("KeyStatus", example: example.key)
            ) { request in
                let wanted = try request.decode(KeyRequest.self)
                return try .json(await controller.changeKey(request.parameter("id"), to: wanted))
            },
            ControlRoute(
                .delete,
                "/v1/keys/{id}",
                "Revokes an API key, named by its id or its name.",
                query: ["forget": "1 removes it with its figures as well"]
            ) { request in
                let forget = try request.number("forget", in: 0...1, default: 0) == 1
                try await controller.revokeKey(request.parameter("id"), forget: forget)
                return .empty
            },
            ControlRoute(
                .post,
                "/v1/spending",
                "Adds what an API server's keys have spent, once for each number, and answers with what they have in all.",
                body: ControlSchema(
                    "SpendingReport",
                    example: SpendingReport(
                        server: "x7k2m9",
                        number: 1,
                        entries: [SpendingReport.Entry(key: example.key.id, day: 20_000, tokens: 1234)]
                    )
                ),
                answer: ControlSchema("KeysSpent", example: [KeySpent(key: example.key.id, spending: .none)])
            ) { request in try .json(await controller.add(request.decode(SpendingReport.self))) },
        ]
    }

    private static let request = KeyRequest(
        name: "my-app",
        limits: KeyLimits(
            requestsPerMinute: 600,
            tokensPerMinute: 100_000,
            concurrent: 32,
            budget: TokenBudget(tokens: 5_000_000, period: .month)
        ),
        expires: Timestamp(milliseconds: 4_102_444_800_000)
    )

    private static var example: CreatedKey {
        let key = APIKey(
            id: KeyID("key-x7k2m9abcd"),
            name: request.name,
            prefix: "sk-smmf-Ab3d",
            digest: KeyDigest(1, 2, 3, 4),
            limits: request.limits,
            created: Timestamp(milliseconds: 0),
            expires: request.expires
        )
        let secret = "sk-smmf-\(String(repeating: "x", count: 43))"
        return CreatedKey(key: KeyStatus(key, .none, at: Timestamp(milliseconds: 0)), secret: secret)
    }
}
