// SPDX-License-Identifier: MIT

/// How well documents answer a query.
public struct RerankAnswer: Sendable, Hashable {
    /// One document's score.
    public struct Result: Sendable, Hashable {
        /// The document's place in the request.
        public var index: Int
        /// The higher the better; its scale is the model's.
        public var score: Double

        /// Creates a result.
        public init(index: Int, score: Double) {
            self.index = index
            self.score = score
        }
    }

    public var id: String?
    public var model: String?
    /// At most one for each document.
    public let results: [Result]
    public var usage: TokenUsage?

    /// Creates an answer to a request with so many documents; throws when results do not belong to them.
    public init(
        id: String? = nil,
        model: String? = nil,
        results: [Result],
        documents: Int,
        usage: TokenUsage? = nil
    ) throws(NeutralError) {
        var seen = Set<Int>()
        for result in results {
            guard (0..<documents).contains(result.index), seen.insert(result.index).inserted else {
                throw .unreadable("it scores document \(result.index) of \(documents)")
            }
        }
        self.id = id
        self.model = model
        self.results = results
        self.usage = usage
    }

    /// The results, the best first, equal ones in the documents' order, and no more than asked for.
    func best(_ limit: Int?) -> [Result] {
        let sorted = results.sorted { $0.score == $1.score ? $0.index < $1.index : $0.score > $1.score }
        return Array(sorted.prefix(max(limit ?? sorted.count, 0)))
    }
}
