// SPDX-License-Identifier: MIT

public import SMMFCore

/// Everything the request path needs to know about models, as one immutable value that event loops hold and read
/// without a lock. A change makes a new table.
public final class RoutingTable: Sendable {
    private let entries: [String: RouteEntry]
    /// The entries in the order of their names.
    public let sorted: [RouteEntry]

    /// Creates a table; of two entries with one name the first counts.
    public init(_ entries: [RouteEntry] = []) {
        self.entries = Dictionary(entries.map { ($0.name.text, $0) }, uniquingKeysWith: { first, _ in first })
        self.sorted = self.entries.values.sorted { $0.name < $1.name }
    }

    /// The entry that serves `model`, or nil when no model has this name.
    public func entry(for model: String) -> RouteEntry? { entries[model] }

    /// The names that look most like `model`, best first: for the error about an unknown one. Only those in `scope` are
    /// named.
    public func nearest(to model: String, in scope: ModelScope? = nil, limit: Int = 3) -> [String] {
        let names = sorted.lazy.map(\.name.text).filter { scope?.allows($0) ?? true }
        return NameSuggestion.nearest(to: model, among: Array(names), limit: limit)
    }
}
