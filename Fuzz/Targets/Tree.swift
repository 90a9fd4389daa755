// SPDX-License-Identifier: MIT

/// A JSON document as a value: read just when a slow and obvious reader reads it, written back to a text that gives the
/// same value and the same bytes again.
func fuzz(_ input: [UInt8]) {
    let limits = JSONTree.Limits(depth: 32)
    let reference = PlainJSON.read(input, depthLimit: 32)
    do throws(JSONProblem) {
        let tree = try JSONTree(input, limits: limits)
        require(reference.isValid, "accepted, and is no JSON")
        let written = tree.bytes
        guard let again = try? JSONTree(written, limits: limits) else { fatalError("not readable: \(text(written))") }
        require(again == tree && again.bytes == written, text(written))
    } catch {
        require(!error.message.isEmpty && error.offset <= input.count, "a problem without words or beyond the end")
        // Both stop at the first mistake, but only one of them minds a key that stands twice.
        if error.reason != .repeatedKey { require(!reference.isValid, "refused, and is JSON: \(error.message)") }
    }
}
