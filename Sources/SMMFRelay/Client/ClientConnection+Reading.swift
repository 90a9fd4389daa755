// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Reading requests.
extension ClientConnection {
    /// Reads as many requests as can be read now.
    func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        var goesOn = true
        while goesOn {
            switch phase {
            case .head: goesOn = readHead()
            case .body: goesOn = readBody()
            default: goesOn = false
            }
        }
    }

    /// Returns false when more bytes are needed.
    private func readHead() -> Bool {
        guard inbound.readableBytes > 0 else { return false }
        do throws(HeadError) {
            guard let read = try parser.parse(inbound.readableBytesUInt8Span) else {
                if !hasBegunHead { wait(for: timeouts.requestHead) }
                hasBegunHead = true
                return false
            }
            hasBegunHead = true
            begin(read)
        } catch {
            head = nil
            requestID = loop.freshRequestID()
            closesAfterwards = true
            refuse(error.status, ErrorEnvelope(.invalidRequest, error.message, code: "bad_request_head"))
        }
        return true
    }

    private func begin(_ read: RequestHead) {
        head = read
        requestLength = read.length
        closesAfterwards = !read.keepsAlive || loop.isDraining
        let inbound = inbound
        let bytes = inbound.readableBytesUInt8Span
        let own = parser.fields.value(of: .requestID).flatMap { RequestID(bytes, $0) }
        requestID = own ?? loop.freshRequestID()
        switch loop.settings.paths.find(read.method, read.path.range, in: bytes) {
        case .found(let target):
            self.target = target
            startBody(read)
        case .otherMethod(let allowed): answerOtherMethod(read, allowed: allowed)
        case .unknown: answerUnknownPath(read, "\(read.method.name) \(bytes.text(read.path.range).prefix(200))")
        }
    }

    private func startBody(_ read: RequestHead) {
        let limit = loop.settings.configuration.bodyLimit
        body = ByteBuffer()
        phase = .body
        switch read.framing {
        case .none, .untilClose: return
        case .length(let count):
            guard count <= limit else { return refuseBody(limit) }
            if inbound.readableBytes >= read.length + count { return }
        case .chunked: chunks = BodyScanner(.chunked)
        }
        wait(for: timeouts.requestBody)
        if read.expectsContinue {
            loop.scratch.append(literal: "HTTP/1.1 100 Continue\r\n\r\n")
            writeScratch()
        }
    }

    /// Returns false when more bytes are needed.
    private func readBody() -> Bool {
        guard let head else { return false }
        switch head.framing {
        case .none, .untilClose: break
        case .length(let count):
            guard inbound.readableBytes >= head.length + count else {
                wait(for: timeouts.requestBody)
                return false
            }
            requestLength = head.length + count
            body = inbound.getSlice(at: inbound.readerIndex + head.length, length: count) ?? ByteBuffer()
        case .chunked:
            guard let isComplete = readChunks(head) else { return true }
            guard isComplete else {
                wait(for: timeouts.requestBody)
                return false
            }
        }
        dispatch()
        return true
    }

    /// Moves the content of chunks from `inbound` to `body`; nil when the request was refused.
    private func readChunks(_ head: RequestHead) -> Bool? {
        let limit = loop.settings.configuration.bodyLimit
        var offset = head.length
        do throws(BodyError) {
            reading: while true {
                switch try chunks.next(inbound.readableBytesUInt8Span, from: &offset) {
                case .content(let range):
                    guard body.readableBytes + range.count <= limit else {
                        refuseBody(limit)
                        return nil
                    }
                    body.writeImmutableBuffer(
                        inbound.getSlice(at: inbound.readerIndex + range.lowerBound, length: range.count)
                            ?? ByteBuffer()
                    )
                case .needMore, .end: break reading
                }
            }
        } catch {
            closesAfterwards = true
            refuse(400, ErrorEnvelope(.invalidRequest, error.message, code: "bad_chunk"))
            return nil
        }
        dropChunks(head, from: offset)
        return chunks.isDone
    }

    /// Takes the chunks that were read out of `inbound`, so that a long body is not kept twice.
    private func dropChunks(_ head: RequestHead, from offset: Int) {
        let rest = inbound.getSlice(at: inbound.readerIndex + offset, length: inbound.readableBytes - offset)
        inbound.moveWriterIndex(to: inbound.readerIndex + head.length)
        if var rest, rest.readableBytes > 0 { inbound.writeBuffer(&rest) }
    }

    /// Lets go of the bytes of a request that will not be sent again.
    func dropRequest() {
        guard requestLength > 0 else { return }
        inbound.moveReaderIndex(forwardBy: min(requestLength, inbound.readableBytes))
        requestLength = 0
        if inbound.readableBytes == 0 { inbound = ByteBuffer() } else { inbound.discardReadBytes() }
        body = ByteBuffer()
        parser.reset()
    }

    /// The answer is written; the next request may be read.
    func finishRequest() {
        guard phase != .closed else { return }
        dropRequest()
        flush()
        guard phase != .closed else { return }
        if closesAfterwards || loop.isDraining { return closeGently() }
        phase = .head
        hasBegunHead = false
        wait(for: timeouts.keepAlive)
        advance()
        resumeReading()
    }
}
