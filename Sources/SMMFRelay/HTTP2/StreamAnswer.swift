// SPDX-License-Identifier: MIT

import NIOHPACK
import SMMFWire

/// Follows the bytes of an HTTP/1.1 answer in any pieces, and says what they are on an HTTP/2 stream: heads, content, and
/// the end.
struct StreamAnswer: Sendable {
    /// The bytes were no answer; as they are our own, something is wrong here.
    struct Malformed: Error {}

    /// A head of ours is an instance's with a few fields more, so it may be longer than one that is taken in.
    private static let limits = HeadLimits(bytes: 256 * 1024, fields: 1_000)

    private let isToHead: Bool
    private var parser = ResponseHeadParser(limits: limits)
    private var head: [UInt8] = []
    private var body: BodyScanner?
    /// Whether the answer has come to its end.
    private(set) var isComplete = false

    /// Creates a follower of one answer; `isToHead` says that the request was a HEAD.
    init(isToHead: Bool) { self.isToHead = isToHead }

    /// Whether the end of the connection would be the answer's end.
    var endsWithConnection: Bool { body?.endsWithConnection ?? false }

    /// Reads on. Heads are appended to `heads`, and each piece of content is given to `content`.
    mutating func read(
        _ bytes: Span<UInt8>,
        heads: inout [HPACKHeaders],
        content: (Span<UInt8>) -> Void
    ) throws(Malformed) {
        guard !isComplete else { return }
        guard body == nil else { return try scan(bytes, content) }
        head.append(bytes, 0..<bytes.count)
        do throws(HeadError) {
            while body == nil {
                let gathered = head
                guard let read = try parser.parse(gathered.span, answersHead: isToHead) else { break }
                heads.append(fields(read))
                if !read.isInterim { body = BodyScanner(read.framing) }
                head.removeFirst(read.length)
                parser.reset()
            }
        } catch { throw Malformed() }
        guard body != nil else { return }
        let rest = head
        head = []
        try scan(rest.span, content)
    }

    private mutating func scan(_ bytes: Span<UInt8>, _ content: (Span<UInt8>) -> Void) throws(Malformed) {
        guard var scanner = body else { return }
        var offset = 0
        do throws(BodyError) {
            scanning: while true {
                switch try scanner.next(bytes, from: &offset) {
                case .content(let range): content(bytes.extracting(range))
                case .needMore: break scanning
                case .end:
                    isComplete = true
                    break scanning
                }
            }
        } catch { throw Malformed() }
        body = scanner
    }

    private func fields(_ read: ResponseHead) -> HPACKHeaders {
        var headers = HPACKHeaders()
        headers.reserveCapacity(parser.fields.fields.count + 1)
        headers.add(name: ":status", value: String(read.status))
        for field in parser.fields.fields where !field.id.isHopByHop {
            headers.add(
                name: head.span.text(field.name.range).lowercased(),
                value: head.span.text(field.value.range)
            )
        }
        return headers
    }
}
