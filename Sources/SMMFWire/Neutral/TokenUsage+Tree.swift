// SPDX-License-Identifier: MIT

extension TokenUsage {
    /// Reads a `usage` object in any of the forms that ``UsageFields`` knows; nil when it says nothing about tokens.
    init?(_ tree: JSONTree) {
        guard tree.object != nil else { return nil }
        self.init(tree.bytes.span, at: 0)
    }
}
