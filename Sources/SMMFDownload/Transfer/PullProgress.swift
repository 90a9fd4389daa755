// SPDX-License-Identifier: MIT

/// How far a pull has come.
public struct PullProgress: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable {
        /// The hub is asked what the repository has.
        case listing
        case pulling
        /// A file is here and its content is checked.
        case checking
        /// The server is out of order or busy; it is asked again in a while.
        case waiting
    }

    public var state: State
    /// The file that the news is of; nil while listing.
    public var file: String?
    /// Bytes that are here, of all files.
    public var received: Int
    /// Bytes of all files; nil where the server does not tell.
    public var total: Int?
}
