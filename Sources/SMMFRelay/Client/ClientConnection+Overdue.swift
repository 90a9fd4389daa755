// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// The bound on a request as a whole, which holds however lively its instance is.
extension ClientConnection {
    /// Ends a request that has had all its time; returns false where another deadline's end applies.
    func endOverdue() -> Bool {
        switch phase {
        case .waiting, .asked:
            line?.forget(self)
            line = nil
            let unfinished = upstream
            upstream = nil
            unfinished?.abandon()
            failUpstream(.timedOut, "The request was not answered within \(timeouts.total).")
            return true
        case .gathered:
            leaveGathering()
            failUpstream(.timedOut, "The request was not answered within \(timeouts.total).")
            return true
        case .gathering:
            batch?.cancel()
            batch = nil
            failUpstream(.timedOut, "The request was not answered within \(timeouts.total).")
            return true
        case .answering where upstream?.isPaused == false:
            upstream?.breakOff("was cut off after \(timeouts.total)")
            return true
        default: return false
        }
    }
}
