// SPDX-License-Identifier: MIT

extension Span where Element == UInt8 {
    /// The first place in `start..<end` where the bytes stop being UTF-8 (RFC 3629), or nil; plain ASCII is passed eight
    /// bytes at a time.
    func firstInvalidUTF8(from start: Int, to end: Int) -> Int? {
        let raw = bytes
        var index = start
        while index < end {
            while index &+ 8 <= end {
                let word = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 != 0 { break }
                index &+= 8
            }
            while index < end, self[index] < 0x80 { index &+= 1 }
            while index < end, self[index] >= 0x80 {
                let length = characterLength(at: index, end: end)
                if length == 0 { return index }
                index &+= length
            }
        }
        return nil
    }

    /// How many bytes the character of more than one byte at `index` has; 0 when it is malformed or cut off.
    private func characterLength(at index: Int, end: Int) -> Int {
        let first = self[index]
        let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
        guard length > 0, index &+ length <= end else { return 0 }
        // The second byte has a narrower range behind four of the first ones: no overlong forms, surrogates or beyond.
        let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
        guard self[index &+ 1] >= lowest, self[index &+ 1] <= highest else { return 0 }
        for offset in 2..<Swift.max(length, 2) where self[index &+ offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
