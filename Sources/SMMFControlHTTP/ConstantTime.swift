// SPDX-License-Identifier: MIT

/// Comparison of secrets whose time does not tell where they differ.
public enum ConstantTime {
    /// Whether both texts are the same; takes the same time for all texts of one length.
    public static func areEqual(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
