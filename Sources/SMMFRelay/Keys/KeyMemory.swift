// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFKeys
import SMMFRouting

/// The key that a connection used last, so that a client that sends request after request has its secret hashed and
/// looked up once.
struct KeyMemory {
    private var secret: [UInt8] = []
    private var digest: KeyDigest?
    private var entry: KeyEntry?
    private var generation = -1

    /// The key whose secret stands in `range`, or nil. `generation` is that of `table`.
    mutating func entry(for bytes: Span<UInt8>, _ range: Range<Int>, in table: KeyTable, _ generation: Int) -> KeyEntry?
    {
        if !isRemembered(bytes, range) {
            // What is longer than any secret is none, and not worth its hash.
            guard range.count <= KeySecret.longest else { return nil }
            secret.removeAll(keepingCapacity: true)
            for index in range { secret.append(bytes[index]) }
            digest = KeySecret.digest(of: bytes.extracting(range))
            self.generation = -1
        }
        if self.generation != generation {
            entry = digest.flatMap { table.entry(for: $0) }
            self.generation = generation
        }
        return entry
    }

    /// Compares with the remembered secret in a time that does not tell where they differ.
    private func isRemembered(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard digest != nil, range.count == secret.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<secret.count { difference |= secret[index] ^ bytes[range.lowerBound + index] }
        return difference == 0
    }
}
