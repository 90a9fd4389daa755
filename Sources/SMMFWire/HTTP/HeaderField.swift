// SPDX-License-Identifier: MIT

/// One header field as places in the head's bytes.
public struct HeaderField: Sendable, Hashable {
    public let id: FieldName
    public let name: ByteRange
    /// The value without the spaces around it.
    public let value: ByteRange
}
