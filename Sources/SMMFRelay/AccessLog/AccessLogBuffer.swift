// SPDX-License-Identifier: MIT

/// One loop's own lines of the access log, until it hands them over.
struct AccessLogBuffer {
    let log: AccessLog
    /// What to add to the monotonic clock for the calendar's; looked at with each tick.
    private(set) var wallOffset = WallTime.offset()
    private var bytes: [UInt8] = []
    private var lines = 0
    private var calendar = WallTime()
    /// Requests whose random number is below this are logged.
    private let threshold: UInt64

    init(_ log: AccessLog) {
        self.log = log
        threshold = log.sample >= 1 ? .max : UInt64(log.sample * Double(UInt64.max))
    }

    /// What a line says about sampling.
    var sample: Double? { log.sample < 1 ? log.sample : nil }

    /// Whether a request with this random number is logged.
    func includes(_ random: UInt64) -> Bool { threshold == .max || random < threshold }

    mutating func append(_ record: AccessRecord) {
        record.append(to: &bytes, &calendar)
        lines += 1
        if bytes.count >= AccessLog.bufferSize { handOver() }
    }

    /// Hands over what there is.
    mutating func tick() {
        wallOffset = WallTime.offset()
        if lines > 0 { handOver() }
    }

    private mutating func handOver() {
        log.put(AccessLog.Batch(bytes: bytes, lines: lines))
        bytes = []
        bytes.reserveCapacity(AccessLog.bufferSize + 2048)
        lines = 0
    }
}
