// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Small embedding requests that are put together with others while their model is busy.
extension ClientConnection {
    /// Waits for others where the model is busy and gains from that.
    func waitsToGather(_ entry: RouteEntry, _ request: RelayRequest) -> Bool {
        guard inner == nil, let width = entry.gatherAbove, case .serving = entry.availability,
            loop.settings.operations[request.operation].shape == .input,
            loop.settings.operations[request.operation].dialect == .openAI
        else { return false }
        if loop.gathering.admit(self, request, width: width) { return false }
        phase = .gathered
        wait(for: timeouts.firstByte)
        return true
    }

    func proceedAlone() {
        guard let request else { return }
        phase = .asked
        guard let entry = loop.table.entry(for: request.model) else {
            return failUnavailable("it was removed while the request waited.")
        }
        // Other instances may serve the model by now.
        request.chooser = InstanceChooser(entry)
        request.attempts = 0
        proceed(entry)
    }

    /// The answer to what was sent together is here, and this is the client's part of it.
    func gatherEnded(_ body: [UInt8], _ instance: String?) {
        gather = nil
        guard phase == .gathered, let request else { return }
        var scanner = ResponseScanner(.json)
        scanner.feed(body.span, 0..<body.count)
        scanner.finish()
        request.status = 200
        countFirstByte(arrival: loop.driver.now)
        write(LocalResponse(body: body, fields: instance.map { [("smmf-instance", $0)] } ?? []))
        // The engine told the tokens of all together.
        var usage = settle(AnswerReport(scanner), isComplete: true)
        usage?.isEstimated = true
        count(.completed, usage)
        finishRequest()
    }

    /// Leaves the company, whether it waits for it or is on its way with it.
    func leaveGathering() {
        gather?.forget(self)
        gather = nil
        if phase == .gathered, let request { loop.gathering.forget(self, request.model) }
    }
}
