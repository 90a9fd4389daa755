// SPDX-License-Identifier: MIT

/// Every way to say a rerank request; the law tests run over this list.
public enum RerankDialects {
    /// All of them; a new one is one file and one line here.
    public static let all: [any OperationDialect<RerankRequest, RerankAnswer>] = [
        JinaRerank(), TEIRerank(), RelevanceRerank(),
    ]
}
