// SPDX-License-Identifier: MIT

/// What a starting process has to tell the person who started it.
public enum HostEvent: Sendable, Hashable {
    /// A role accepts connections at this URL.
    case listening(role: String, url: String)
    /// A model serves for the first time.
    case ready(model: String)
}

/// Receives what a process has to tell.
public typealias HostEventHandler = @Sendable (HostEvent) async -> Void
