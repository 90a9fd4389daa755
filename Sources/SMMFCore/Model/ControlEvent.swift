// SPDX-License-Identifier: MIT

/// Something that happened on the control path, for people who ask why.
public struct ControlEvent: Sendable, Hashable, Codable {
    /// Counted from 1 since the controller started.
    public var number: Int
    public var time: Timestamp
    /// What it is about: a model, an instance or a worker.
    public var subject: String
    /// One sentence.
    public var text: String

    /// Creates an event.
    public init(number: Int, time: Timestamp, subject: String, text: String) {
        self.number = number
        self.time = time
        self.subject = subject
        self.text = text
    }
}
