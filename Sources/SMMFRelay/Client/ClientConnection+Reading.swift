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
            case .head: goesOn = !waitsForReader && readHead()
            case .body: goesOn = readBody()
            default: goesOn = false
            }
        }
    }

    /// Returns false when more bytes are needed.
    private func readHead() -> Bool {
        guard !inbound.isEmpty else { return false }
        let bytes = inbound
        do throws(HeadError) {
            guard let read = try parser.parse(bytes.span) else {
                if !hasBegunHead { wait(for: timeouts.requestHead) }
                hasBegunHead = true
                return false
            }
            hasBegunHead = true
            begin(read, bytes.span)
        } catch {
            head = nil
            key = nil
            target = nil
            crossOrigin.removeAll(keepingCapacity: true)
            requestID = loop.freshRequestID()
            closesAfterwards = true
            refuse(error.status, ErrorEnvelope(.invalidRequest, error.message, code: "bad_request_head"))
        }
        return true
    }

    private func begin(_ read: RequestHead, _ bytes: Span<UInt8>) {
        head = read
        key = nil
        target = nil
        requestLength = read.length
        if loop.accessLog != nil { begunAt = loop.driver.now }
        closesAfterwards = !read.keepsAlive || loop.isDraining
        let own = parser.fields.value(of: .requestID).flatMap { RequestID(bytes, $0) }
        requestID = own ?? loop.freshRequestID()
        noteOrigin(in: bytes)
        switch loop.settings.paths.find(read.method, read.path.range, in: bytes) {
        case .found(let target):
            self.target = target
            if authenticate(target, bytes) { startBody(read) }
        case .otherMethod(let allowed): answerOtherMethod(read, allowed: allowed)
        case .unknown: answerUnknownPath(read, "\(read.method.name) \(bytes.text(read.path.range).prefix(200))")
        }
    }

    private func startBody(_ read: RequestHead) {
        let limit = loop.settings.configuration.bodyLimit
        phase = .body
        switch read.framing {
        case .none, .untilClose: return
        case .length(let count):
            guard count <= limit else { return refuseBody(limit) }
            if inbound.count >= read.length + count { return }
            guard reserveBody(count) else { return }
        case .chunked: chunks = BodyScanner(.chunked)
        }
        finalDeadline = loop.driver.now + TimeAmount(timeouts.wholeBody)
        wait(for: timeouts.requestBody)
        if read.expectsContinue {
            loop.scratch.append(literal: "HTTP/1.1 100 Continue\r\n\r\n")
            sendScratch()
            link?.flush()
        }
    }

    /// Returns false when more bytes are needed.
    private func readBody() -> Bool {
        guard let head else { return false }
        switch head.framing {
        case .none, .untilClose: break
        case .length(let count):
            guard inbound.count >= head.length + count else {
                wait(for: timeouts.requestBody)
                return false
            }
            requestLength = head.length + count
        case .chunked:
            guard let isComplete = joinChunks(head) else { return true }
            guard isComplete else {
                wait(for: timeouts.requestBody)
                return false
            }
        }
        dispatch()
        return true
    }

    /// Moves the content of chunks together behind the head, in place. Returns whether the body is complete, or nil after
    /// it was refused.
    private func joinChunks(_ head: RequestHead) -> Bool? {
        let limit = loop.settings.configuration.bodyLimit
        var end = requestLength
        var offset = end
        do throws(BodyError) {
            reading: while true {
                switch try chunks.next(inbound.span, from: &offset) {
                case .content(let range):
                    guard end - head.length + range.count <= limit else {
                        refuseBody(limit)
                        return nil
                    }
                    guard reserveBody(end - head.length + range.count) else { return nil }
                    for index in range {
                        inbound[end] = inbound[index]
                        end += 1
                    }
                case .needMore, .end: break reading
                }
            }
        } catch {
            closesAfterwards = true
            refuse(400, ErrorEnvelope(.invalidRequest, error.message, code: "bad_chunk"))
            return nil
        }
        inbound.removeSubrange(end..<offset)
        requestLength = end
        return chunks.isDone
    }

    /// Lets go of the bytes of a request that will not be sent again.
    func dropRequest() {
        releaseBody()
        guard requestLength > 0 else { return }
        if requestLength < inbound.count {
            inbound.removeFirst(requestLength)
        } else if inbound.capacity <= Self.keptCapacity {
            inbound.removeAll(keepingCapacity: true)
        } else {
            inbound = []
        }
        requestLength = 0
        parser.reset()
    }

    /// The answer is written; the next request may be read.
    func finishRequest() {
        guard phase != .closed else { return }
        dropRequest()
        link?.flush()
        if closesAfterwards || loop.isDraining { return closeGently() }
        phase = .head
        hasBegunHead = false
        begunAt = nil
        bytesSent = 0
        finalDeadline = .distantFuture
        wait(for: timeouts.keepAlive)
        advance()
        if !waitsForReader { resumeReading() }
    }
}
