// SPDX-License-Identifier: MIT

/// The end of a broken stream: wherever a chunked body broke off, the client reads what was sent, then the error event,
/// and never a proper end. The scanner that follows it stands at the same place however the bytes were cut.
func fuzz(_ bytes: [UInt8]) {
    guard let whole = scanner(behind: [bytes]) else { return }
    let cut = scanner(behind: pieces(bytes, cuts(of: bytes)))
    require(cut?.state == whole.state, "the place differs: \(whole.state) and \(String(describing: cut?.state))")
    guard !whole.isDone else { return }
    let error = ErrorEnvelope(.server, "It broke.", code: "upstream_broken")
    var output: [UInt8] = []
    guard BrokenStreamEpilogue.append(behind: whole, error, to: &output) else {
        return require(output.isEmpty, "bytes without an event")
    }
    var received = BodyScanner(.chunked)
    var content: [UInt8] = []
    var offset = 0
    let sent = bytes + output
    do throws(BodyError) {
        reading: while true {
            switch try received.next(sent.span, from: &offset) {
            case .content(let range): content += sent[range]
            case .needMore, .end: break reading
            }
        }
    } catch { return require(false, "the client finds: \(error.message)") }
    require(!received.isDone && offset == sent.count, "the client finds a clean end")
    var event: [UInt8] = []
    event.append(literal: "\n\ndata: ")
    error.append(to: &event)
    event.append(literal: "\n\n")
    require(content.suffix(event.count).elementsEqual(event), "the client finds no error event")
}

private func scanner(behind pieces: [[UInt8]]) -> BodyScanner? {
    var scanner = BodyScanner(.chunked)
    do throws(BodyError) {
        for piece in pieces {
            var offset = 0
            reading: while true {
                switch try scanner.next(piece.span, from: &offset) {
                case .content: continue
                case .needMore, .end: break reading
                }
            }
        }
        return scanner
    } catch { return nil }
}
