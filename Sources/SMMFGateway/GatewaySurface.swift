// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFTelemetry
import SMMFWire

/// The paths of the API Server.
enum GatewaySurface {
    /// What is relayed. The shapes are OpenAI's, and so are the paths on both sides.
    static let operations: [RelayOperation] =
        [
            RelayOperation(
                name: "chat",
                path: "/v1/chat/completions",
                upstreamPath: "/v1/chat/completions",
                shape: .messages,
                kinds: [.language]
            ),
            RelayOperation(
                name: "completion",
                path: "/v1/completions",
                upstreamPath: "/v1/completions",
                shape: .prompt,
                kinds: [.language]
            ),
            RelayOperation(
                name: "embedding",
                path: "/v1/embeddings",
                upstreamPath: "/v1/embeddings",
                shape: .input,
                kinds: [.embedding]
            ),
            RelayOperation(
                name: "rerank",
                path: "/v1/rerank",
                upstreamPath: "/v1/rerank",
                shape: .documents,
                kinds: [.rerank]
            ),
        ]
        // DB-GPT's own rerank, at the path of its server and at the one that its client takes when nobody says otherwise.
        + ["/api/v1/beta/relevance", "/v1/beta/relevance"].map { path in
            RelayOperation(
                name: "rerank",
                path: path,
                upstreamPath: "/v1/rerank",
                shape: .documents,
                dialect: Dialect(rawValue: RelevanceRerank().name),
                kinds: [.rerank]
            )
        }

    /// What the API Server answers by itself.
    static func localRoutes(_ state: GatewayState) -> [LocalRoute] {
        [
            LocalRoute(.get, "/health", access: .open) { _ in LocalResponse(body: Array("{\"status\":\"ok\"}".utf8)) },
            LocalRoute(.get, "/metrics", access: .local) { _ in
                LocalResponse(
                    contentType: PrometheusText.contentType,
                    body: Array(await state.metricsPage().utf8)
                )
            },
            LocalRoute(.get, "/v1/models") { request in
                var body: [UInt8] = []
                let shown = state.table.sorted.filter { request.key?.models.allows($0.name.text) ?? true }
                ModelListing.append(list: shown.map(listing), to: &body)
                return LocalResponse(body: body)
            },
            LocalRoute(.get, "/v1/models/", isPrefix: true) { request in
                model(String(request.path.dropFirst("/v1/models/".count)), state.table, request.key?.models)
            },
        ]
    }

    private static func model(_ name: String, _ table: RoutingTable, _ scope: ModelScope?) -> LocalResponse {
        // Clients escape a slash in a name; names have no percent sign that would need more than this.
        let plain = name.split(separator: "%2F", omittingEmptySubsequences: false).joined(separator: "/")
        // What the key may not use does not exist for it.
        guard let entry = table.entry(for: plain), scope?.allows(plain) ?? true else {
            let near = table.nearest(to: plain, in: scope)
            let advice = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
            let envelope = ErrorEnvelope(
                .invalidRequest,
                "The model '\(plain)' does not exist.\(advice)",
                param: "model",
                code: "model_not_found"
            )
            return LocalResponse(status: 404, error: envelope)
        }
        var body: [UInt8] = []
        listing(entry).append(to: &body)
        return LocalResponse(body: body)
    }

    /// Models have no birthday here, and clients only ask for a number.
    private static func listing(_ entry: RouteEntry) -> ModelListing {
        ModelListing(id: entry.name.text, created: 0, owner: "smmf")
    }
}
