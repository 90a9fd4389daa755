// SPDX-License-Identifier: MIT

/// A request as a simulated hub saw it.
public struct HubRequest: Sendable, Hashable {
    public var method: String
    /// Path and query, still escaped.
    public var uri: String
    /// Names in lower case.
    public var fields: [String: String]
    /// Whether it came to the storage that the hub redirects to.
    public var isToStorage: Bool
}

/// An answer, as a value.
struct HubAnswer: Sendable, Hashable {
    var status: Int
    var fields: [String: String] = [:]
    var body: [UInt8] = []
    /// What goes wrong on the way.
    var fault: HubFault?

    /// A JSON document.
    static func json(_ text: String, status: Int = 200, _ fields: [String: String] = [:]) -> HubAnswer {
        let own = ["content-type": "application/json; charset=utf-8"]
        return HubAnswer(status: status, fields: own.merging(fields) { _, new in new }, body: Array(text.utf8))
    }

    /// Hugging Face's refusal, which its client reads from the fields.
    static func refusal(_ status: Int, _ code: String, _ message: String) -> HubAnswer {
        json(#"{"error":"\#(message)"}"#, status: status, ["x-error-code": code, "x-error-message": message])
    }
}
