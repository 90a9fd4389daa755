// SPDX-License-Identifier: MIT

/// How large a head may be.
public struct HeadLimits: Sendable, Hashable {
    /// Bytes from the first one to the empty line, both included.
    public var bytes: Int
    public var fields: Int

    /// Creates limits.
    public init(bytes: Int = 65_536, fields: Int = 100) {
        self.bytes = bytes
        self.fields = fields
    }
}
