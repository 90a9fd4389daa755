// SPDX-License-Identifier: MIT

import SMMFWire

/// One error as a provider tells it, and what it means.
struct ErrorCase: Sendable, CustomStringConvertible {
    let provider: String
    let status: Int
    let body: String
    let kind: NeutralError.Kind
    /// The value of `x-amzn-errortype`.
    var errorType: String?
    /// Milliseconds to wait.
    var wait: Int?

    init(
        _ provider: String,
        _ status: Int,
        _ body: String,
        _ kind: NeutralError.Kind,
        errorType: String? = nil,
        wait: Int? = nil
    ) {
        self.provider = provider
        self.status = status
        self.body = body
        self.kind = kind
        self.errorType = errorType
        self.wait = wait
    }

    var description: String { "\(provider) \(status) \(errorType ?? "") \(body.prefix(60))" }

    /// `{"error":{"message","type","param","code"}}`; a code that is a number is written as one.
    static func openAI(
        _ provider: String,
        _ status: Int,
        _ code: String?,
        _ type: String?,
        _ text: String,
        _ kind: NeutralError.Kind,
        wait: Int? = nil
    ) -> ErrorCase {
        let number = code.flatMap(Int.init).map { JSONTree.number($0) }
        let inner: JSONTree = [
            "message": .string(text), "type": type.map(JSONTree.string) ?? .null, "param": .null,
            "code": number ?? code.map(JSONTree.string) ?? .null,
        ]
        return ErrorCase(provider, status, JSONTree.object(["error": inner]).text, kind, wait: wait)
    }

    /// `{"error":{"code","message"}}` with the code as text.
    static func bare(
        _ provider: String,
        _ status: Int,
        _ code: String,
        _ text: String,
        _ kind: NeutralError.Kind
    ) -> ErrorCase {
        let tree: JSONTree = ["error": ["code": .string(code), "message": .string(text)]]
        return ErrorCase(provider, status, tree.text, kind)
    }

    static let all = world + google + native + alibaba + china
}
