// SPDX-License-Identifier: MIT

/// An error that a simulated engine tells, before its dialect has put it into words.
struct SimulatorError: Sendable, Hashable {
    let status: Int
    let message: String
    /// Where it was asked; some engines tell an error at one path in other words than at another.
    let path: String

    init(_ status: Int, _ message: String, path: String = "") {
        self.status = status
        self.message = message
        self.path = path
    }
}
