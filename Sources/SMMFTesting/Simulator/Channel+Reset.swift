// SPDX-License-Identifier: MIT

import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Channel {
    /// Closes so that the peer gets a reset instead of an end of stream.
    func reset() {
        guard let options = self as? any SocketOptionProvider else { return close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in self.close(promise: nil) }
    }
}
