// SPDX-License-Identifier: MIT

import NIOCore
import NIOHTTP1

/// Decides what is answered to each request of one event loop's connections.
protocol SimulatorAnswering: AnyObject {
    func plan(for head: HTTPRequestHead, body: ByteBuffer) -> SimulatorPlan
}
