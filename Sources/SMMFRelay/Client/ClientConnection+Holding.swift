// SPDX-License-Identifier: MIT

import NIOCore
import SMMFRouting
import SMMFWire

/// Holding requests for models that are on their way.
extension ClientConnection {
    /// Until when the request may be held at all, whatever happens to its instances meanwhile.
    var longestHold: NIODeadline {
        let isOnDemand = request.flatMap { loop.table.entry(for: $0.model) }?.isOnDemand == true
        return (request?.startedAt ?? .now()) + TimeAmount(isOnDemand ? timeouts.load : timeouts.hold)
    }

    func hold(_ reason: String, until limit: NIODeadline) {
        request?.holdReason = reason
        request?.holdLimit = limit
        request?.countsOverhead = false
        guard limit > .now(), loop.hold(self) else { return holdEnded() }
        phase = .held
        deadline = limit
        if let request { planSign(request) }
    }

    /// The routing table changed while the request was held.
    func lookAgain() {
        guard phase == .held, let request else { return }
        guard let entry = loop.table.entry(for: request.model) else {
            return failUnavailable("it was removed while the request waited.")
        }
        let failed = request.lastFailure?.instance
        let hasNews = entry.groups.lazy.flatMap(\.instances).contains { instance in
            // An instance that was started again may keep its id.
            !request.chooser.tried.contains(instance.id)
                || instance.id == failed?.id && instance.endpoint != failed?.endpoint
        }
        switch entry.availability {
        case .serving where !hasNews: hold(request.holdReason, until: request.holdLimit)
        case .serving, .comingUp, .unavailable:
            startOver(with: entry)
            proceed(entry)
        }
    }

    private func startOver(with entry: RouteEntry) {
        request?.chooser = InstanceChooser(entry)
        request?.lastFailure = nil
    }

    /// The time to hold it is over, or there is no room to.
    func holdEnded() {
        guard let request else { return }
        phase = .asked
        if let failed = request.lastFailure {
            failUpstream(failed.failure, request.holdReason)
        } else {
            failUnavailable(request.holdReason)
        }
    }
}
