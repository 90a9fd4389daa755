// SPDX-License-Identifier: MIT

import NIOCore

/// What all loops of a load share and none changes.
struct LoadSetup: Sendable {
    let plan: LoadPlan
    let isStream: Bool
    let address: SocketAddress
    /// Whole requests, used in turn.
    let requests: [ByteBuffer]
    /// Called by each loop at the beginning and at the end of what it measures.
    let atWindow: @Sendable (LoadWindow.Edge) -> Void
}
