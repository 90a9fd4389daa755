// SPDX-License-Identifier: MIT

/// What goes wrong in a simulated answer; ``SimulatorScript/faultAfter`` says when.
///
/// A reply in one piece has no tokens to count: after 0 it breaks behind the head, after more in the middle of the body.
public enum SimulatorFault: String, Sendable, Hashable, CaseIterable {
    /// Nothing more comes, and the connection stays open until the client leaves.
    case hang
    /// The connection is reset (RST).
    case reset
    /// The connection is closed cleanly (FIN) though the message is not complete.
    case fin
    /// The process ends; in-process, the engine's connections are reset and its port is closed.
    case exit
    /// An error inside a 200: an event `data: {"error":…}` and a proper end without `[DONE]`, or the error object as the
    /// body. Before the head it is a plain 500.
    case error
    /// One event that is neither JSON nor UTF-8; the stream then goes on. A reply in one piece is cut in its middle.
    case malformed
    /// Bytes that are not HTTP where framing or a status line should stand, then a close.
    case garbage
}
