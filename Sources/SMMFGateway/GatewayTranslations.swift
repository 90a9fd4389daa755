// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRelay
import SMMFWire

/// What the API Server can stand between: each client's dialect and each instance's, for every operation.
enum GatewayTranslations {
    /// The table of an API Server that keeps Responses in `store`.
    static func table(_ store: any ResponseStore) -> TranslationTable {
        var clients: [Dialect: any ChatClientDialect] = [:]
        for client in ChatDialects.clients { clients[Dialect(rawValue: client.name)] = client }
        let responses = ResponsesClient(store: store)
        clients[Dialect(rawValue: responses.name)] = responses
        return TranslationTable(
            pairs("rerank", RerankDialects.all, standard: JinaRerank().name)
                .merging(pairs("embedding", EmbeddingDialects.all)) { $1 }
                .merging(pairs("count_tokens", TokenCountDialects.all)) { $1 },
            clients: clients,
            // Engines take more than OpenAI itself; providers bring their own.
            backends: [.openAI: OpenAIChatBackend()],
            errors: errors
        )
    }

    /// How clients of each dialect but OpenAI's are told of errors.
    private static let errors: [Dialect: TranslationTable.ErrorWriter] = {
        var writers: [Dialect: TranslationTable.ErrorWriter] = [:]
        for client in ChatDialects.clients { writers[Dialect(rawValue: client.name)] = { client.error($0).bytes } }
        writers[Dialect(rawValue: CohereEmbedding().name)] = { CohereEmbedding.error($0).bytes }
        writers[.openAI] = nil
        return writers
    }()

    /// A translation for each pair of dialects; OpenAI's own words pass as they are, and `standard` is the one that OpenAI's surface has.
    private static func pairs<Request: ModelRequest, Answer: Sendable>(
        _ operation: String,
        _ dialects: [any OperationDialect<Request, Answer>],
        standard: String = Dialect.openAI.rawValue
    ) -> [TranslationTable.Key: any Translation] {
        func dialect(_ name: String) -> Dialect { name == standard ? .openAI : Dialect(rawValue: name) }
        var translations: [TranslationTable.Key: any Translation] = [:]
        for client in dialects {
            let name = dialect(client.name)
            for backend in dialects where backend.name != client.name || name != .openAI {
                let key = TranslationTable.Key(operation, from: name, to: dialect(backend.name))
                translations[key] =
                    errors[name].map { OperationTranslation(from: client, to: backend, writeError: $0) }
                    ?? OperationTranslation(from: client, to: backend)
            }
        }
        return translations
    }
}
