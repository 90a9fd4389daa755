// SPDX-License-Identifier: MIT

/// A stream's body behind the filter that takes usage out: however it is cut, the client gets the same bytes, in good
/// framing, and where the filter says that the client stands there it stands. The first byte chooses the framing.
func fuzz(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    let framing: BodyFraming = choice % 4 == 0 ? .length(bytes.count) : choice % 4 == 1 ? .untilClose : .chunked
    guard let body = content(bytes, framing) else { return }
    let whole = filtered(body.bytes, framing, [])
    let cut = filtered(body.bytes, framing, cuts(of: body.bytes))
    require(whole == cut, "whole:\n\(text(whole))\ncut:\n\(text(cut))")
    guard let read = content(whole, framing) else { fatalError("broken framing:\n\(text(whole))") }
    require(read.isDone == body.isDone && read.bytes.count == whole.count, "another end:\n\(text(whole))")
    if body.content.span.lastIndex(of: "\"usage\"", before: body.content.count) == nil {
        require(whole == body.bytes, "changed without usage:\n\(text(whole))")
    }
    if framing != .chunked, framing != .untilClose { require(whole.count == body.bytes.count, "another length") }
}

/// The content of a body, and the bytes up to its end or the last ones; nil when its framing is broken.
private func content(_ bytes: [UInt8], _ framing: BodyFraming) -> (content: [UInt8], bytes: [UInt8], isDone: Bool)? {
    var scanner = BodyScanner(framing)
    var content: [UInt8] = []
    var offset = 0
    do throws(BodyError) {
        while true {
            switch try scanner.next(bytes.span, from: &offset) {
            case .content(let range): content += bytes[range]
            case .needMore, .end: return (content, Array(bytes[..<offset]), scanner.isDone)
            }
        }
    } catch { return nil }
}

/// What the client gets, piece by piece as a relay does it.
private func filtered(_ body: [UInt8], _ framing: BodyFraming, _ cuts: [Int]) -> [UInt8] {
    let removal: UsageEventFilter.Removal =
        framing == .chunked ? .chunk : framing == .untilClose ? .cut : .comment
    var filter = UsageEventFilter(removal)
    var scanner = BodyScanner(framing)
    var output: [UInt8] = []
    for piece in pieces(body, cuts) {
        filter.clearLead()
        var offset = 0
        do throws(BodyError) {
            reading: while true {
                switch try scanner.next(piece.span, from: &offset) {
                case .content(let range): filter.feed(piece.span, range, scanner)
                case .needMore: break reading
                case .end:
                    filter.finish(piece.span)
                    break reading
                }
            }
        } catch { require(false, "framing that was good is broken now") }
        let range = filter.pass(piece.span, offset, scanner)
        output += filter.lead + piece[range]
        if framing == .chunked { checkPlace(filter.sent(scanner), output) }
    }
    if !scanner.isDone {
        filter.clearLead()
        filter.finish([UInt8]().span)
        output += filter.lead
    }
    return output
}

/// The client, who has read `output`, stands where `sent` says.
private func checkPlace(_ sent: BodyScanner, _ output: [UInt8]) {
    var client = BodyScanner(.chunked)
    var offset = 0
    do throws(BodyError) {
        reading: while true {
            switch try client.next(output.span, from: &offset) {
            case .content: continue
            case .needMore, .end: break reading
            }
        }
    } catch { require(false, "the client finds broken framing:\n\(text(output))") }
    require(client.state == sent.state, "\(client.state), not \(sent.state):\n\(text(output))")
}
