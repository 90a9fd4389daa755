// SPDX-License-Identifier: MIT

/// What goes wrong with a played provider's good answer; `--fault` sets one for all requests and `#fault:NAME` for one.
///
/// Those that only change how the same answer is written leave it readable; the others do not.
public enum PlayedFault: String, Sendable, Hashable, CaseIterable {
    /// One write for each byte.
    case split
    /// No blank behind `data:`.
    case tight
    /// CR LF as line end.
    case crlf
    /// Comments between events.
    case comments
    /// Blank lines between events, and before a reply in one piece.
    case blanks
    /// A byte order mark first.
    case mark
    /// One line of ten megabytes, which is white space for the most part.
    case longLine = "long-line"
    /// One byte at a time, with a pause behind each.
    case drip

    /// The error stands in a 200, before anything else.
    case errorInside = "error-inside"
    /// The error comes after the first pieces.
    case errorLater = "error-later"
    /// The body ends properly, but half-way.
    case truncated
    /// The connection closes half-way.
    case close
    /// The connection is reset half-way.
    case reset
    /// Frames with a wrong checksum; elsewhere a piece that is no JSON.
    case checksum
    /// Nothing comes.
    case hang
    /// It never ends: a gigabyte of the same piece.
    case endless
    /// A small body in gzip that unpacks to thirty-two megabytes, though nobody asked for gzip.
    case bomb

    /// Whether a client that reads properly gets the whole answer.
    public var isHarmless: Bool {
        switch self {
        case .split, .tight, .crlf, .comments, .blanks, .mark, .drip, .longLine: true
        case .errorInside, .errorLater, .truncated, .close, .reset, .checksum, .hang, .endless, .bomb: false
        }
    }
}
