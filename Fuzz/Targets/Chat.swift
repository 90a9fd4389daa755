// SPDX-License-Identifier: MIT

/// An answer in the words of any backend, its dialect, status and kind chosen by the first two bytes: any split gives the
/// same events; there is one end, and it is the last event; and every client's stream of them is closed or an error.
func fuzz(_ input: [UInt8]) {
    guard input.count > 2 else { return }
    let backend = ChatDialects.backends[Int(input[0]) % ChatDialects.backends.count]
    var request = ChatRequest(model: "m", messages: [ChatMessage(.user, text: "hi")], family: .openAI)
    request.streams = input[1] & 1 == 0
    let head = AnswerHead(status: input[1] & 14 == 14 ? 429 : 200)
    let bytes = Array(input.dropFirst(2))
    func read(_ pieces: [[UInt8]]) -> [ChatEvent] {
        var reader = backend.reader(for: request)
        var events: [ChatEvent] = []
        reader.begin(head)
        for piece in pieces { reader.feed(piece.span, to: &events) }
        reader.finish(isWhole: input[1] & 16 == 0, to: &events)
        return events
    }
    let whole = read([bytes])
    require(read(pieces(bytes, cuts(of: bytes))) == whole, "\(backend.name): a split changes the events")
    require(whole.filter(isEnd).count == 1 && whole.last.map(isEnd) == true, "\(backend.name): \(whole)")
    let client = ChatDialects.clients[Int(input[0] / 16) % ChatDialects.clients.count]
    var writer = client.streamWriter(for: request, as: AnswerIdentity(id: "i", model: "m", created: 0))
    var output: [UInt8] = []
    for event in whole { writer.write(event, to: &output) }
    require(String(validating: output, as: UTF8.self) != nil && !output.isEmpty, "\(client.name): \(text(output))")
}

private func isEnd(_ event: ChatEvent) -> Bool {
    if case .error = event { return true }
    return event == .end
}
