// SPDX-License-Identifier: MIT

/// The end of an answer: the ring keeps just the last bytes however they come, and numbers found in them are sane.
func fuzz(_ bytes: [UInt8]) {
    var whole = ByteTail()
    whole.append(bytes.span, 0..<bytes.count)
    var cut = ByteTail()
    for piece in pieces(bytes, cuts(of: bytes)) { cut.append(piece.span, 0..<piece.count) }
    let last = Array(bytes.suffix(ByteTail.size))
    require(whole.ordered() == last && cut.ordered() == last, "the ring does not hold the last bytes")
    // Nothing is left of what it held before.
    cut.removeAll()
    cut.append(bytes.span, 0..<min(bytes.count, 7))
    require(cut.ordered() == Array(bytes.prefix(7)), "an emptied ring remembers")

    let tail = ResponseTail(last.span)
    check(tail.usage)
    check(TokenUsage(bytes.span, at: 0))
    // What has no such words has neither.
    if last.span.lastIndex(of: "usage", before: last.count) == nil { require(tail.usage == nil, "usage from nowhere") }
    if last.span.lastIndex(of: "finish_reason", before: last.count) == nil {
        require(tail.finishReason == nil, "a reason from nowhere")
    }
    // An answer's own usage is found behind whatever text came before it, as long as it is in the tail.
    var answer = bytes
    answer.append(literal: "\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}\n\n")
    let found = ResponseTail(Array(answer.suffix(ByteTail.size)).span).usage
    require(found == TokenUsage(prompt: 11, completion: 7), "usage \(String(describing: found))")
}

private func check(_ usage: TokenUsage?) {
    guard let usage else { return }
    for count in [usage.prompt, usage.completion, usage.cached] {
        require(count >= 0 && count <= 10_000_000_000_000, "\(count) tokens")
    }
}
