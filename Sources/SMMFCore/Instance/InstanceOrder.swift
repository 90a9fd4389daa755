// SPDX-License-Identifier: MIT

/// What a person, or the controller, can ask of one instance.
public enum InstanceOrder: String, Sendable, Hashable, Codable, CaseIterable {
    /// Finish its requests, then run in a new process.
    case restart
    /// Finish its requests and end; the controller starts another in its place.
    case drain
    /// Finish its requests and end, and stay so until it is put online.
    case offline
    /// Run again after it was put offline.
    case online
    /// Finish its requests and give up what memory it can; the controller wakes it when it is wanted.
    case park
    /// Take the memory back and serve.
    case wake
}
