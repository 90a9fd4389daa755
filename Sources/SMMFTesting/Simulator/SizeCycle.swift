// SPDX-License-Identifier: MIT

/// Cuts bytes into pieces of given sizes, used in turn and again from the front; no sizes leave them whole.
struct SizeCycle {
    private let sizes: [Int]
    private var next = 0

    init(_ sizes: [Int]) {
        self.sizes = sizes
    }

    mutating func cut(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard !sizes.isEmpty else { return bytes.isEmpty ? [] : [bytes[...]] }
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            pieces.append(rest.prefix(sizes[next]))
            rest = rest.dropFirst(sizes[next])
            next = (next + 1) % sizes.count
        }
        return pieces
    }
}
