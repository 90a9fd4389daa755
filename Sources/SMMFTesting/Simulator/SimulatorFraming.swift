// SPDX-License-Identifier: MIT

/// How a simulated engine tells where the body of a generated answer ends.
public enum SimulatorFraming: String, Sendable, Hashable, CaseIterable {
    /// Chunked for streams, a length for all else; closing towards HTTP/1.0 clients.
    case standard
    /// `transfer-encoding: chunked`.
    case chunked
    /// `content-length`, streams too.
    case length
    /// Neither: the connection closes.
    case close
    /// As `close`, with a status line of HTTP/1.0.
    case http10
}
