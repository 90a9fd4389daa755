// SPDX-License-Identifier: MIT

/// A request body: read just when a slow and obvious JSON reader reads it, and what is found in it is where it is said
/// to be. The first byte chooses the shape.
func fuzz(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let shapes: [BodyShape] = [.messages, .prompt, .input, .documents]
    let shape = shapes[Int(choice) % shapes.count]
    let bytes = Array(input.dropFirst())
    let reference = PlainJSON.read(bytes, depthLimit: 32)
    do throws(RequestProblem) {
        let peek = try RequestPeek(bytes.span, shape: shape, depthLimit: 32)
        require(reference.isValid, "accepted, and is no JSON")
        let model = peek.model.decoded(in: bytes.span)
        require(reference.models == [model], "the model is \(model) and not \(reference.models)")
        check(peek, bytes, shape)
    } catch {
        require(!error.message.isEmpty, "a problem without words")
        if case .json(let problem) = error {
            require(problem.offset <= bytes.count, "a problem beyond the end")
            require(!reference.isValid, "refused, and is JSON: \(error.message)")
        }
    }
}

/// The edits do what they promise, and nothing else.
private func check(_ peek: RequestPeek, _ bytes: [UInt8], _ shape: BodyShape) {
    require(peek.input.upperBound <= bytes.count, "the input is not inside")
    let edits = [peek.usageEdit, peek.modelEdit("other \"name\"")].compactMap { $0 }
    var output: [UInt8] = []
    BodyEdit.append(bytes.span, with: edits, to: &output)
    guard let again = try? RequestPeek(output.span, shape: shape, depthLimit: 32) else {
        fatalError("not readable after edits: \(text(output))")
    }
    require(again.model.decoded(in: output.span) == "other \"name\"", text(output))
    require(again.includesUsage || !again.streams, text(output))
    require(again.streams == peek.streams && again.maxTokens == peek.maxTokens, text(output))
    require(again.messageCount == peek.messageCount && again.input.count == peek.input.count, text(output))
    require(again.usageEdit == nil, text(output))
}
