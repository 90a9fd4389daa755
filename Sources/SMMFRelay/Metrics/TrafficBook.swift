// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting

/// One loop's counters of all models, in a row that a request finds once and then counts in without a look-up.
///
/// A model keeps its row for as long as the process runs, whatever becomes of the routing table, so that a request may
/// outlive the table it came with.
struct TrafficBook {
    var rows: [ModelTraffic] = []
    private var names: [String] = []
    private var rowsByName: [String: Int] = [:]
    /// The row of each model, by its place in the routing table.
    private(set) var rowsByPlace: [Int] = []

    /// Gives each model of a table its row.
    mutating func adopt(_ table: RoutingTable) {
        rowsByPlace = table.sorted.map { entry in
            if let row = rowsByName[entry.name.text] { return row }
            rows.append(ModelTraffic())
            names.append(entry.name.text)
            rowsByName[entry.name.text] = rows.count - 1
            return rows.count - 1
        }
    }

    /// The counters of one model; nil where it was never in a table.
    func row(of name: String) -> ModelTraffic? { rowsByName[name].map { rows[$0] } }

    /// The counters of the models that had any request, by their names.
    var byName: [String: ModelTraffic] {
        let empty = ModelTraffic()
        let used = zip(names, rows).filter { $0.1 != empty }
        return Dictionary(used, uniquingKeysWith: { first, _ in first })
    }
}
