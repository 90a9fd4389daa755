// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFRouting
import SMMFWire

/// Answers of Responses that were kept: `GET` and `DELETE /v1/responses/ID`.
///
/// Source: OpenAI's API reference, "Get a model response" and "Delete a model response".
extension GatewaySurface {
    static func responseRoutes(_ store: any ResponseStore) -> [LocalRoute] {
        let path = "/v1/responses/"
        @Sendable func id(_ request: LocalRequest) -> String {
            PathText.unescaped(String(request.path.dropFirst(path.count)))
        }
        return [
            LocalRoute(.get, path, isPrefix: true) { request in
                guard let kept = store.response(id(request), of: request.key?.id.text) else {
                    return unknownResponse(id(request))
                }
                return LocalResponse(body: kept.document.bytes)
            },
            LocalRoute(.delete, path, isPrefix: true) { request in
                guard store.remove(id(request), of: request.key?.id.text) else { return unknownResponse(id(request)) }
                let answer: JSONTree = ["id": .string(id(request)), "object": "response", "deleted": true]
                return LocalResponse(body: answer.bytes)
            },
        ]
    }

    private static func unknownResponse(_ id: String) -> LocalResponse {
        let message = "The response '\(id.prefix(200))' is not kept here, or not any more."
        return LocalResponse(
            status: 404,
            error: ErrorEnvelope(.invalidRequest, message, param: "response_id", code: "response_not_found")
        )
    }
}
