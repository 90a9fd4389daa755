// SPDX-License-Identifier: MIT

/// How the relay talks to the system.
public enum RelayTransport: String, Sendable, Hashable, CaseIterable {
    /// Bare epoll where the system has it, SwiftNIO elsewhere.
    case automatic
    /// SwiftNIO, on every system.
    case nio
}
