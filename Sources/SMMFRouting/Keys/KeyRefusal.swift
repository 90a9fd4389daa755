// SPDX-License-Identifier: MIT

/// Why a key's limits let a request not pass.
public enum KeyRefusal: Error, Sendable, Hashable {
    /// Too many requests in a minute; there is room after `wait` nanoseconds.
    case requests(limit: Int, wait: UInt64)
    /// Too many tokens in a minute; there is room for `asked` after `wait` nanoseconds.
    case tokens(limit: Int, asked: Int, wait: UInt64)
    /// The request alone may cost more than a whole minute's tokens, so it never passes.
    case tooLarge(limit: Int, asked: Int)
    /// Too many requests under way.
    case concurrent(limit: Int)
    /// The budget has `left` tokens, and the request may cost `asked`.
    case budget(limit: Int, asked: Int, left: Int)
}
