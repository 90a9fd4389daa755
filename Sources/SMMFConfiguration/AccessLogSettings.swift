// SPDX-License-Identifier: MIT

import SMMFCore

/// What `server.access_log` says.
public struct AccessLogSettings: Sendable, Hashable {
    /// A file, or `-` for the standard output.
    public var path: String
    /// The part of all requests that gets a line, above 0 and at most 1.
    public var sample = 1.0

    /// Creates settings for all requests.
    public init(path: String) { self.path = path }

    init(_ table: ConfigurationTable) throws(SMMFError) {
        path = try table.requiredString("path")
        guard !path.isEmpty else { throw table.error("path", "must name a file, or be \"-\" for the standard output.") }
        if let sample = try table.number("sample") {
            guard sample > 0, sample <= 1 else {
                throw table.error("sample", "must be above 0 and at most 1; 0.1 logs one request of ten.")
            }
            self.sample = sample
        }
        try table.finish()
    }
}
