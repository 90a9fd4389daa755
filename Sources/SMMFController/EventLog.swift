// SPDX-License-Identifier: MIT

import SMMFCore

/// The last events, numbered, so that a reader can go on where it stopped.
struct EventLog: Sendable {
    private var events: [ControlEvent] = []
    private var count = 0

    static let limit = 1000

    mutating func record(_ subject: String, _ text: String, at time: Timestamp) {
        count += 1
        events.append(ControlEvent(number: count, time: time, subject: subject, text: text))
        if events.count > Self.limit { events.removeFirst(Self.limit / 2) }
    }

    /// The events with greater numbers, oldest first.
    func after(_ number: Int) -> [ControlEvent] { Array(events.drop { $0.number <= number }) }
}
