// SPDX-License-Identifier: MIT

/// One open socket, as the logic of a connection sees it. Each transport has its own kind; all calls come from the
/// socket's loop, and none of them calls its owner back before it returns.
protocol Link: AnyObject {
    /// Whether fewer bytes than the high water mark are waiting for the other side to take them.
    var isWritable: Bool { get }

    /// The other side's address without its port; looked up at each call.
    var peerAddress: String? { get }

    /// Sends bytes now, or with the next `flush` where gathering them is cheaper; what the socket does not take is kept.
    func send(_ bytes: Span<UInt8>)

    /// Sends what was gathered.
    func flush()

    /// Stops or resumes reading; bytes that nobody reads hold the other side back.
    func setReading(_ isReading: Bool)

    /// Closes our half behind everything sent so far. `LinkOwner.drained` tells when all of it was taken.
    func closeOutput()

    /// Closes now; `LinkOwner.closed` follows.
    func close()
}
