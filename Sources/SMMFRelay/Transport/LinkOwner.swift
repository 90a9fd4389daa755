// SPDX-License-Identifier: MIT

/// What a transport tells the owner of a socket, on the socket's loop.
protocol LinkOwner: AnyObject {
    /// The socket is open.
    func opened(_ link: any Link)

    /// The connection could not be opened, for the reason that follows "The instance could not be reached:". Nothing else
    /// is told afterwards.
    func failedToOpen(_ why: String)

    /// Bytes came; they are gone when the call returns.
    func received(_ bytes: Span<UInt8>)

    /// No more bytes are at hand for the moment.
    func receivedAll()

    /// All bytes that had to wait were taken, after the link was not writable or its output was closed.
    func drained()

    /// What came last was cut off: a reset connection, or TLS that ended without saying so. `closed` follows.
    func truncated()

    /// The socket is closed, by whomever. Nothing else is told afterwards.
    func closed()
}

extension LinkOwner {
    func truncated() {}
}
