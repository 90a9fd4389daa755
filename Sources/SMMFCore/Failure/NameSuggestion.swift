// SPDX-License-Identifier: MIT

/// Finds what somebody probably meant.
public enum NameSuggestion {
    /// The known names at the smallest edit distance from `name`, best first; names too far off are left out.
    ///
    /// Comparison ignores case; the work is bounded, as only the first 64 bytes count.
    public static func nearest(to name: String, among known: [String], limit: Int) -> [String] {
        let wanted = Array(name.lowercased().utf8.prefix(64))
        let tolerance = max(2, wanted.count / 2)
        let scored = known.compactMap { candidate -> (distance: Int, name: String)? in
            let bytes = Array(candidate.lowercased().utf8.prefix(64))
            let contains = wanted.count >= 3 && candidate.lowercased().contains(name.lowercased())
            let distance = contains ? 1 : editDistance(wanted, bytes)
            return distance <= tolerance ? (distance, candidate) : nil
        }
        return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
    }

    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var previous = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, rightByte) in right.enumerated() {
                let replaced = previous[column] + (leftByte == rightByte ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
