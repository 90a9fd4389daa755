// SPDX-License-Identifier: MIT

/// Which models that are loaded on demand an API Server saw asked for since its last report.
public struct DemandReport: Sendable, Hashable, Codable {
    /// One model.
    public struct Entry: Sendable, Hashable, Codable {
        public var model: ModelName
        /// Requests that run on its instances now.
        public var inFlight: Int
        /// Requests that wait for it to be loaded.
        public var waiting: Int

        /// Creates an entry.
        public init(model: ModelName, inFlight: Int, waiting: Int) {
            self.model = model
            self.inFlight = inFlight
            self.waiting = waiting
        }
    }

    public var entries: [Entry]
    /// Names the API Server and this run of it, so that what several tell adds up.
    public var server: String?

    /// Creates a report.
    public init(entries: [Entry], server: String? = nil) {
        self.entries = entries
        self.server = server
    }

    /// The most bytes of a server's name.
    public static let serverLimit = 100

    /// The most entries in one report.
    public static let entryLimit = 1000
}

/// Who wants to know which models are asked for: the controller.
public protocol DemandSink: Sendable {
    /// Takes a report; losing one only means that the next one tells the same.
    func note(_ report: DemandReport) async throws
}
