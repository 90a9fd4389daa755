// SPDX-License-Identifier: MIT

/// A request as a simulated engine received it, kept when ``SimulatorScript/recorded`` asks for it.
public struct SimulatorRecord: Sendable, Hashable {
    /// One header line; names keep their case and order.
    public struct Header: Sendable, Hashable {
        /// The name as it came.
        public let name: String
        /// The value without the blanks around it.
        public let value: String
    }

    /// The method, in capitals.
    public let method: String
    /// The request target with its query.
    public let uri: String
    /// All header lines.
    public let headers: [Header]
    /// The body without its framing.
    public let body: [UInt8]

    /// The body as text; bytes that are not UTF-8 become replacement characters.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of a header, whatever the case of its name.
    public func values(of name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// As it stands at `GET /sim/requests`.
    var json: String {
        let lines = headers.map { "[\(SimulatorJSON.quote($0.name)),\(SimulatorJSON.quote($0.value))]" }
        return #"{"method":"\#(method)","uri":\#(SimulatorJSON.quote(uri)),"#
            + #""headers":[\#(lines.joined(separator: ","))],"body":\#(SimulatorJSON.quote(text))}"#
    }
}
