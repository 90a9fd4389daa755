// SPDX-License-Identifier: MIT

import SMMFWire

/// The link of a request that the relay makes to itself, such as a part of a batch: its bytes go straight into a
/// connection's logic, and the answer is gathered. So a part is routed, held, retried and counted on its instance as any
/// request is.
final class InnerLink: Link {
    private let connection: ClientConnection
    private let loop: RelayLoop
    /// Bytes of an answer that are gathered at the most.
    private let limit: Int
    private var onEnd: ((InnerAnswer?) -> Void)?
    private var parser = ResponseHeadParser(limits: HeadLimits(bytes: 256 * 1024, fields: 1_000))
    private var headBytes: [UInt8] = []
    private var scanner: BodyScanner?
    private var answer = InnerAnswer(status: 0, contentType: "", body: [])
    private var isComplete = false
    private var isClosed = false

    init(_ loop: RelayLoop, standing: InnerStanding, limit: Int, onEnd: @escaping (InnerAnswer?) -> Void) {
        self.loop = loop
        self.limit = limit
        self.onEnd = onEnd
        connection = ClientConnection(loop, isStream: true, inner: standing)
    }

    /// Sends a request; `onEnd` gets its answer, or nil where it broke off, in a later turn of the loop.
    func ask(path: String, body: [UInt8], requestID: RequestID) {
        var head: [UInt8] = []
        head.append(literal: "POST ")
        head.append(contentsOf: path.utf8)
        head.append(literal: " HTTP/1.1\r\nhost: smmf\r\ncontent-type: application/json\r\nx-request-id: ")
        head.append(contentsOf: requestID.text.utf8)
        head.append(literal: "\r\ncontent-length: ")
        head.append(decimal: body.count)
        head.append(literal: "\r\n\r\n")
        connection.opened(self)
        connection.received(head.span)
        connection.received(body.span)
        connection.receivedAll()
    }

    /// Nobody waits for the answer any more.
    func cancel() {
        onEnd = nil
        close()
    }

    // MARK: Link

    var isWritable: Bool { true }

    var peerAddress: String? { nil }

    func send(_ bytes: Span<UInt8>) {
        guard !isComplete, !isClosed else { return }
        do {
            guard scanner == nil else { return try gather(bytes) }
            headBytes.append(bytes, 0..<bytes.count)
            let gathered = headBytes
            guard let head = try parser.parse(gathered.span, answersHead: false) else { return }
            let fields = parser.fields
            answer.status = head.status
            answer.contentType = fields.value(of: .contentType).map { gathered.span.text($0) } ?? ""
            answer.retryAfter = fields.value(of: .retryAfter).map { gathered.span.text($0) }
            answer.instance = fields.value(of: .instance).map { gathered.span.text($0) }
            scanner = BodyScanner(head.framing)
            try gather(gathered.span.extracting(head.length..<gathered.count))
            headBytes = []
        } catch { close() }
    }

    private func gather(_ bytes: Span<UInt8>) throws(BodyError) {
        guard var scanner else { return }
        var offset = 0
        while true {
            switch try scanner.next(bytes, from: &offset) {
            case .content(let range):
                guard answer.body.count + range.count <= limit else { return close() }
                answer.body.append(bytes, range)
                continue
            case .needMore: break
            case .end: isComplete = true
            }
            break
        }
        self.scanner = scanner
    }

    func flush() {
        if isComplete { close() }
    }

    func setReading(_ isReading: Bool) {}

    func closeOutput() { close() }

    /// Behind the present call, as the connection's logic is in the middle of it.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        let bound = OnLoop(self)
        loop.driver.execute { bound.value.end() }
    }

    private func end() {
        connection.closed()
        let onEnd = self.onEnd
        self.onEnd = nil
        onEnd?(isComplete ? answer : nil)
    }
}
