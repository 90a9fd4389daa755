// SPDX-License-Identifier: MIT

#if os(Linux)
import NIOCore

/// A link on its way to be open, for which the loop keeps an eye on the time.
protocol OpeningLink: AnyObject {
    /// Whether the link is no longer being opened; gives it up when its time is over.
    func opens(at now: NIODeadline) -> Bool
}
#endif
