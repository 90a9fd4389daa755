// SPDX-License-Identifier: MIT

/// Every way to say an embedding request; the law tests run over this list.
public enum EmbeddingDialects {
    /// All of them; a new one is one file and one line here.
    public static let all: [any OperationDialect<EmbeddingRequest, EmbeddingAnswer>] = [
        OpenAIEmbedding(), OllamaEmbedding(), GeminiEmbedding(), CohereEmbedding(),
    ]
}
