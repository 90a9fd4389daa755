// SPDX-License-Identifier: MIT

/// Requests on one connection, heads and bodies: however the bytes are cut, the same requests and the same refusal; and
/// the head that an instance gets for each of them is a good one.
func fuzz(_ bytes: [UInt8]) {
    let whole = Connection.read(bytes, [])
    let cut = Connection.read(bytes, cuts(of: bytes))
    require(whole == cut, "whole:\n\(text(whole))\ncut:\n\(text(cut))")
}

/// Reads as a server does: a head, its body, the next head.
private struct Connection {
    private var parser = RequestHeadParser()
    private var body = BodyScanner(.none)
    private var head: RequestHead?
    /// The bytes from the current head or body on.
    private var inbound: [UInt8] = []
    private var content: [UInt8] = []
    private var transcript: [UInt8] = []
    private var hasFailed = false

    static func read(_ bytes: [UInt8], _ cuts: [Int]) -> [UInt8] {
        var connection = Connection()
        for piece in pieces(bytes, cuts) {
            connection.inbound += piece
            while !connection.hasFailed, connection.advance() {}
        }
        connection.transcript.note("left: ", connection.hasFailed ? [] : connection.inbound)
        return connection.transcript
    }

    /// Returns whether there may be more to read.
    private mutating func advance() -> Bool {
        do {
            return head == nil ? try readHead() : try readBody()
        } catch let error as HeadError {
            transcript.note("head: ", error.message.utf8)
            require(error.status >= 400, "a refusal with status \(error.status)")
        } catch let error as BodyError {
            transcript.note("body: ", error.message.utf8)
        } catch {}
        hasFailed = true
        return false
    }

    private mutating func readHead() throws -> Bool {
        let inbound = inbound
        guard let read = try parser.parse(inbound.span) else { return false }
        transcript.note("method ", Int(read.method.rawValue))
        transcript.note("version ", Int(read.version.rawValue))
        transcript.note("path ", inbound[read.path.range])
        transcript.note("query ", inbound[read.query.range])
        transcript.note(read.framing)
        transcript.note("keeps ", read.keepsAlive ? 1 : 0)
        transcript.note("expects ", read.expectsContinue ? 1 : 0)
        transcript.note(parser.fields, in: inbound.span)
        checkForwarding()
        head = read
        body = BodyScanner(read.framing)
        content = []
        self.inbound.removeFirst(read.length)
        parser.reset()
        return true
    }

    private mutating func readBody() throws -> Bool {
        let inbound = inbound
        var offset = 0
        reading: while true {
            switch try body.next(inbound.span, from: &offset) {
            case .content(let range): content += inbound[range]
            case .needMore, .end: break reading
            }
        }
        self.inbound.removeFirst(offset)
        guard body.isDone else { return false }
        transcript.note("content ", content)
        head = nil
        return true
    }

    /// The forwarded head has one host and one length, nothing about the connection, and is read as what it is.
    private func checkForwarding() {
        let writer = UpstreamRequestHead(method: .post, target: "/v1/x", authority: "a:1", authorization: "Bearer k")
        var output: [UInt8] = []
        let inbound = inbound
        writer.append(
            client: parser.fields,
            in: inbound.span,
            contentLength: 7,
            requestID: RequestID(1, 2),
            to: &output
        )
        // Our own fields may bring a head at its limit above it.
        var reader = RequestHeadParser(limits: HeadLimits(bytes: 100_000, fields: 110))
        guard let read = try? reader.parse(output.span) else { fatalError("not readable:\n\(text(output))") }
        require(read.framing == .length(7) && read.length == output.count && read.keepsAlive, text(output))
        for field in reader.fields.fields { require(!field.id.isHopByHop, text(output)) }
        let keys = reader.fields.fields.filter { $0.id == .authorization || $0.id == .apiKey }
        require(keys.count == 1 && output[keys[0].value.range].elementsEqual("Bearer k".utf8), text(output))
    }
}
