// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRouting
import SMMFWire

/// A request to a model, from the moment it is read until its outcome is counted. An object, as a value of this size would
/// be copied, reference by reference, wherever a step of its way looks at it.
final class RelayRequest {
    let operation: Int
    let model: String
    /// Where the model's counters stand in the loop's book.
    let row: Int
    let peek: RequestPeek
    /// Whether its stream reports usage to us and not to the client, who did not ask for it.
    let hidesUsage: Bool
    /// Bytes of its head and body.
    let bytesIn: Int
    let startedAt: NIODeadline
    var chooser: InstanceChooser
    /// Whom the current attempt goes to.
    var instance: RouteInstance?
    /// The current attempt's translation; nil where bytes pass as they are.
    var exchange: (any TranslatedExchange)?
    /// Whose rules the current attempt follows; nil for engines.
    var provider: (any RelayProvider)?
    /// The body in the provider's words; nil where the client's own does.
    var rewritten: [UInt8]?
    /// What the last attempt failed with, and whose it was.
    var lastFailure: (instance: RouteInstance, failure: AttemptFailure)?
    /// How many instances have closed on it before they answered. Once may be bad luck, as with an instance that was
    /// killed while the request came; whoever meets it twice may well die of it.
    var closings = 0
    /// Whether the current attempt has met a dead kept connection already.
    var needsFreshConnection = false
    /// Whether the loop's gather room counts it as on its way.
    var isInGatherRoom = false
    /// Why it is held, for the answer when nothing comes of it.
    var holdReason = ""
    /// Until when it is held at the most.
    var holdLimit = NIODeadline.distantPast
    /// When its client gets the next sign of life; nil before it was held, or where there is none to give.
    var nextSign: NIODeadline?
    /// Whether the client has got the head of a stream and comments in it, and nothing that means anything: any instance may
    /// still answer, and an error can only be an event.
    var isOpened = false
    /// How often it was sent or tried to be sent, over all routing tables.
    var attempts = 0
    /// Whether the time until it is sent is our own doing, and not that of a model on its way.
    var countsOverhead = true
    /// Whether the current attempt asks for usage where the client did not.
    var asksForUsage = false
    /// Since when the current attempt is in line for a connection.
    var waitsSince: NIODeadline?
    /// Nanoseconds that it was in line.
    var connectWait: Int64 = 0
    /// When it was last sent.
    var sentAt: NIODeadline?
    /// When the first bytes of its answer were sent to the client.
    var firstByteAt: NIODeadline?
    /// The status that the client got from the instance.
    var status = 0

    init(
        operation: Int,
        model: String,
        row: Int,
        peek: RequestPeek,
        hidesUsage: Bool,
        bytesIn: Int,
        startedAt: NIODeadline,
        chooser: InstanceChooser
    ) {
        self.operation = operation
        self.model = model
        self.row = row
        self.peek = peek
        self.hidesUsage = hidesUsage
        self.bytesIn = bytesIn
        self.startedAt = startedAt
        self.chooser = chooser
    }
}
