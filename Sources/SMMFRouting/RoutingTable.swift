// SPDX-License-Identifier: MIT

public import SMMFCore

/// Everything the request path needs to know about models, as one immutable value that event loops hold and read
/// without a lock. A change makes a new table.
public final class RoutingTable: Sendable {
    /// Places in `sorted`.
    private let places: [String: Int]
    /// The entries in the order of their names.
    public let sorted: [RouteEntry]

    /// Creates a table; of two entries with one name the first counts.
    public init(_ entries: [RouteEntry] = []) {
        var names: Set<String> = []
        sorted = entries.filter { names.insert($0.name.text).inserted }.sorted { $0.name < $1.name }
        places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.name.text, $0) })
    }

    /// The entry that serves `model`, or nil when no model has this name.
    public func entry(for model: String) -> RouteEntry? { places[model].map { sorted[$0] } }

    /// The place in ``sorted`` of the entry that serves `model`.
    public func place(of model: String) -> Int? { places[model] }

    /// The names that look most like `model`, best first: for the error about an unknown one. Only those in `scope` are
    /// named.
    public func nearest(to model: String, in scope: ModelScope? = nil, limit: Int = 3) -> [String] {
        let names = sorted.lazy.map(\.name.text).filter { scope?.allows($0) ?? true }
        return NameSuggestion.nearest(to: model, among: Array(names), limit: limit)
    }
}
