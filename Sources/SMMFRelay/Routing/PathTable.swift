// SPDX-License-Identifier: MIT

import SMMFWire

/// Finds what a method and path mean. There are about a dozen paths, so they are compared one after the other, which
/// allocates nothing.
struct PathTable: Sendable {
    /// What stands behind a path.
    enum Target: Sendable {
        /// An operation, by its index.
        case operation(Int)
        /// A local route, by its index.
        case local(Int)
    }

    /// What a look-up found.
    enum Match: Sendable {
        case found(Target)
        /// The path is known, but not with this method.
        case otherMethod(allowed: String)
        case unknown
    }

    private struct Row: Sendable {
        let path: [UInt8]
        let isPrefix: Bool
        let method: HTTPMethod
        let target: Target
    }

    private let rows: [Row]

    init(operations: [RelayOperation], localRoutes: [LocalRoute]) {
        rows =
            operations.enumerated().map { index, operation in
                Row(path: Array(operation.path.utf8), isPrefix: false, method: .post, target: .operation(index))
            }
            + localRoutes.enumerated().map { index, route in
                Row(path: Array(route.path.utf8), isPrefix: route.isPrefix, method: route.method, target: .local(index))
            }
    }

    func find(_ method: HTTPMethod, _ path: Range<Int>, in bytes: Span<UInt8>) -> Match {
        var isKnown = false
        for row in rows where Self.matches(row, path, bytes) {
            if row.method == method || row.method == .get && method == .head { return .found(row.target) }
            isKnown = true
        }
        guard isKnown else { return .unknown }
        var methods: [HTTPMethod] = []
        for row in rows where Self.matches(row, path, bytes) {
            methods.append(row.method)
            if row.method == .get { methods.append(.head) }
        }
        return .otherMethod(allowed: (methods + [.options]).map(\.name.description).joined(separator: ", "))
    }

    private static func matches(_ row: Row, _ path: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard row.isPrefix ? path.count > row.path.count : path.count == row.path.count else { return false }
        for index in row.path.indices where bytes[path.lowerBound + index] != row.path[index] { return false }
        return true
    }
}
