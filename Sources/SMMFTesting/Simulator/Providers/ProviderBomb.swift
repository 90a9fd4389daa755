// SPDX-License-Identifier: MIT

/// A small gzip file that unpacks to thirty-two megabytes of blanks and an empty object: JSON that nobody should unpack.
enum ProviderBomb {
    private static let length = 32 << 20
    /// CRC-32 of what it unpacks to.
    private static let checksum: UInt32 = 0x6824_B3BC

    /// The file (RFC 1951, RFC 1952): one blank, then copies of what stands one byte back, 258 bytes each.
    static let bytes: [UInt8] = {
        var bits = Bits()
        bits.write(1, count: 1)
        bits.write(1, count: 2)
        bits.literal(UInt8(ascii: " "))
        for _ in 0..<((length - 1) / 258) {
            // The length's code 285 and the distance's code 0, of the fixed tables.
            bits.code(0b1100_0101, count: 8)
            bits.code(0, count: 5)
        }
        for _ in 0..<((length - 1) % 258) { bits.literal(UInt8(ascii: " ")) }
        bits.literal(UInt8(ascii: "{"))
        bits.literal(UInt8(ascii: "}"))
        // The end of the block.
        bits.code(0, count: 7)
        bits.align()
        var sum = checksum
        var size = UInt32(length + 2)
        var tail: [UInt8] = []
        for _ in 0..<4 {
            tail.append(UInt8(sum & 0xFF))
            sum >>= 8
        }
        for _ in 0..<4 {
            tail.append(UInt8(size & 0xFF))
            size >>= 8
        }
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + bits.bytes + tail
    }()

    /// Writes bits from the lowest one up.
    private struct Bits {
        var bytes: [UInt8] = []
        private var current: UInt8 = 0
        private var filled = 0

        mutating func write(_ value: Int, count: Int) {
            for place in 0..<count {
                if value >> place & 1 == 1 { current |= 1 << filled }
                filled += 1
                if filled == 8 { align() }
            }
        }

        /// A code of a Huffman table, which is written from its highest bit.
        mutating func code(_ value: Int, count: Int) {
            for place in (0..<count).reversed() { write(value >> place & 1, count: 1) }
        }

        /// A byte below 144, by the fixed table.
        mutating func literal(_ byte: UInt8) { code(0x30 + Int(byte), count: 8) }

        mutating func align() {
            guard filled > 0 else { return }
            bytes.append(current)
            (current, filled) = (0, 0)
        }
    }
}
