// SPDX-License-Identifier: MIT

/// Tells the error of an instance that does not know `stream_options` from other errors about a request.
public enum UsageRefusal {
    /// An error about a member is shorter than this.
    public static let limit = 65_536

    /// Whether an instance that does not take the request answers with this status.
    public static func isPossible(_ status: Int) -> Bool { status == 400 || status == 422 }

    /// Whether an error's body names the member.
    public static func isNamed(in body: Span<UInt8>) -> Bool {
        body.lastIndex(of: "stream_options", before: body.count) != nil
            || body.lastIndex(of: "include_usage", before: body.count) != nil
    }
}
