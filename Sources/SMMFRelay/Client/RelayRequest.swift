// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRouting
import SMMFWire

/// A request to a model, from the moment it is read until its outcome is counted.
struct RelayRequest {
    let operation: Int
    let model: String
    let peek: RequestPeek
    let startedAt: NIODeadline
    var chooser: InstanceChooser
    /// Whom the current attempt goes to.
    var instance: RouteInstance?
    /// What the last attempt failed with, and whose it was.
    var lastFailure: (instance: RouteInstance, failure: AttemptFailure)?
    /// How many instances have closed on it before they answered. Once may be bad luck, as with an instance that was
    /// killed while the request came; whoever meets it twice may well die of it.
    var closings = 0
    /// Whether the current attempt has met a dead kept connection already.
    var needsFreshConnection = false
    /// Why it is held, for the answer when nothing comes of it.
    var holdReason = ""
    /// How often it was sent or tried to be sent, over all routing tables.
    var attempts = 0
    /// Whether the time until it is sent is our own doing, and not that of a model on its way.
    var countsOverhead = true
    /// What the instance said that it cost.
    var usage: TokenUsage?
    /// Events that an instance has answered with; nil while none has the request.
    var progress: Int?
    /// The status that the client got from the instance.
    var status = 0
}
