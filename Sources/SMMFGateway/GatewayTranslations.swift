// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFWire

/// What the API Server can stand between: each client's dialect and each instance's, for every operation.
enum GatewayTranslations {
    static let table = TranslationTable(
        pairs("rerank", RerankDialects.all, standard: JinaRerank().name)
    )

    /// A translation for each pair of dialects that are not the same; `standard` is the one that OpenAI's surface has.
    private static func pairs<Request: ModelRequest, Answer: Sendable>(
        _ operation: String,
        _ dialects: [any OperationDialect<Request, Answer>],
        standard: String
    ) -> [TranslationTable.Key: any Translation] {
        func dialect(_ name: String) -> Dialect { name == standard ? .openAI : Dialect(rawValue: name) }
        var translations: [TranslationTable.Key: any Translation] = [:]
        for client in dialects {
            for backend in dialects where backend.name != client.name {
                let key = TranslationTable.Key(operation, from: dialect(client.name), to: dialect(backend.name))
                translations[key] = OperationTranslation(from: client, to: backend)
            }
        }
        return translations
    }
}
