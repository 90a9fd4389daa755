// SPDX-License-Identifier: MIT

import SMMFWire

/// Finds what a method and path mean. There are some dozen paths, so they are compared one after the other, which
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
        /// What the path ends with, behind something that is not empty; nil where it is just `path`.
        let suffix: [UInt8]?
        let method: HTTPMethod
        let target: Target
    }

    private let rows: [Row]

    init(operations: [RelayOperation], localRoutes: [LocalRoute]) {
        rows =
            operations.enumerated().map { index, operation in
                Row(
                    path: Array(operation.path.utf8),
                    suffix: operation.suffix.map { Array($0.utf8) },
                    method: .post,
                    target: .operation(index)
                )
            }
            + localRoutes.enumerated().map { index, route in
                Row(
                    path: Array(route.path.utf8),
                    suffix: route.isPrefix ? [] : nil,
                    method: route.method,
                    target: .local(index)
                )
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
        if let suffix = row.suffix {
            guard path.count > row.path.count + suffix.count else { return false }
            let start = path.upperBound - suffix.count
            for index in suffix.indices where bytes[start + index] != suffix[index] { return false }
        } else if path.count != row.path.count {
            return false
        }
        for index in row.path.indices where bytes[path.lowerBound + index] != row.path[index] { return false }
        return true
    }
}
