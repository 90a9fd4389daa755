// SPDX-License-Identifier: MIT

/// The last bytes of a stream, in a ring that is allocated once and used again.
struct ByteTail: Sendable {
    /// Enough for the last two events of every engine known, with their usage and timings.
    static let size = 2048

    private var ring: [UInt8] = []
    private var next = 0

    mutating func removeAll() {
        ring.removeAll(keepingCapacity: true)
        next = 0
    }

    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var start = max(range.lowerBound, range.upperBound - Self.size)
        if ring.isEmpty { ring.reserveCapacity(Self.size) }
        if ring.count < Self.size {
            let count = min(Self.size - ring.count, range.upperBound - start)
            ring.append(bytes, start..<(start + count))
            start += count
        }
        while start < range.upperBound {
            let count = min(Self.size - next, range.upperBound - start)
            let place = next
            bytes.extracting(start..<(start + count)).withUnsafeBufferPointer { source in
                ring.withUnsafeMutableBufferPointer { target in
                    _ = target[place..<(place + count)].update(fromContentsOf: source)
                }
            }
            next = (next + count) % Self.size
            start += count
        }
    }

    /// The bytes in their order.
    func ordered() -> [UInt8] {
        next == 0 ? ring : Array(ring[next...] + ring[..<next])
    }
}
