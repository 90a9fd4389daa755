// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Writing a line of the access log for each request.
extension ClientConnection {
    /// A request to a model has ended.
    func log(_ request: RelayRequest, _ outcome: RelayOutcome, _ usage: SettledUsage?, at now: NIODeadline) {
        guard loop.logsNext() else { return }
        var status = request.status
        let name: AccessRecord.Outcome
        switch outcome {
        case .completed: name = .completed
        case .cancelled:
            name = .cancelled
            if status == 0 { status = 499 }
        case .broken: name = .broken
        case .failed(let own):
            name = .failed
            status = own
        case .refused: name = .refused
        }
        var record = record(name, status: status, from: request.startedAt, to: now)
        record.path = loop.settings.operations[request.operation].pattern
        record.model = request.model
        record.key = key?.id.text
        record.instance = (request.instance ?? request.lastFailure?.instance)?.id.text
        record.bytesIn = request.bytesIn
        record.usage = usage
        record.attempts = request.attempts
        record.timing = AccessRecord.Timing(
            queue: request.sentAt.map { ($0 - request.startedAt).nanoseconds - request.connectWait },
            connect: request.connectWait,
            firstByte: request.firstByteAt.map { ($0 - request.startedAt).nanoseconds }
        )
        loop.append(record)
    }

    /// A request that needed no model was answered.
    func log(_ outcome: AccessRecord.Outcome, status: Int) {
        guard inner == nil, loop.logsNext() else { return }
        let now = NIODeadline.now()
        var record = record(outcome, status: status, from: begunAt ?? now, to: now)
        if let head {
            let bytes = inbound
            let path = head.path.range
            if path.upperBound <= bytes.count { record.path = bytes.span.text(path) }
        }
        loop.append(record)
    }

    private func record(
        _ outcome: AccessRecord.Outcome,
        status: Int,
        from start: NIODeadline,
        to end: NIODeadline
    ) -> AccessRecord {
        AccessRecord(
            time: loop.wallTime(start),
            id: requestID,
            client: clientAddress,
            method: head?.method.name ?? "",
            status: status,
            outcome: outcome,
            bytesIn: requestLength,
            bytesOut: bytesSent,
            total: max(0, (end - start).nanoseconds),
            sample: loop.accessLog?.sample
        )
    }
}

extension RelayLoop {
    /// Whether the request that has just ended gets a line.
    func logsNext() -> Bool {
        guard let accessLog else { return false }
        return accessLog.includes(nextRandom())
    }

    func append(_ record: AccessRecord) { accessLog?.append(record) }

    func wallTime(_ time: NIODeadline) -> Int64 {
        Int64(truncatingIfNeeded: time.uptimeNanoseconds) + (accessLog?.wallOffset ?? 0)
    }
}
