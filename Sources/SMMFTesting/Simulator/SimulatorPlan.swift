// SPDX-License-Identifier: MIT

import NIOCore

/// Everything that a simulated engine will do to answer one request, decided before the first byte is sent.
struct SimulatorPlan: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Bytes for the socket, which carry this many tokens.
        case write(ByteBuffer, tokens: Int)
        /// Lets time pass; zero lets the event loop turn once, so that the bytes before it leave on their own.
        case pause(Duration)
        /// Waits for the test to go on.
        case hold
        /// Waits for the client to leave.
        case hang
        /// The message is complete; closes the connection when told.
        case complete(closes: Bool)
        /// Ends the connection though the message is not complete.
        case drop(Drop)
    }

    enum Drop: Sendable, Equatable { case reset, fin, exit }

    /// What is counted for it, and whether it needs a slot.
    enum Cost: Sendable, Equatable {
        /// Pages such as `/health` are free.
        case free
        /// An error answer: counted, at once.
        case refusal
        /// Counted, in a slot.
        case generation(promptTokens: Int)
    }

    let steps: [Step]
    let cost: Cost
    /// What is done instead when it finds no place in the queue.
    var stepsWhenFull: [Step] = []
}
