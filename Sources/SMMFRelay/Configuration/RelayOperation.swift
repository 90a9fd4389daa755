// SPDX-License-Identifier: MIT

public import SMMFCore
public import SMMFWire

/// A path that is relayed to instances, such as chat completions. Its method is POST.
public struct RelayOperation: Sendable, Hashable {
    /// For logs, metrics and messages.
    public var name: String
    /// The exact path that clients call; what stands in front of the model's name where `suffix` stands behind it.
    public var path: String
    /// What stands behind the model's name in the path, such as `:generateContent`; nil where the body names the model.
    public var suffix: String?
    /// The path for people, with `{model}` where it stands in it.
    var pattern: String { suffix.map { "\(path){model}\($0)" } ?? path }
    /// The path at the instance, behind its endpoint's own.
    public var upstreamPath: String
    /// What the body must have.
    public var shape: BodyShape
    /// The words that clients speak on this path.
    public var dialect: Dialect
    /// The kinds of model that can do it.
    public var kinds: Set<ModelKind>

    /// Whether it generates tokens, as against reading a prompt only.
    public var generates: Bool

    /// Whether its streams tell usage only to those who ask: OpenAI's alone.
    var hidesUsage: Bool { generates && dialect == .openAI }

    /// Whether the bytes pass as they are where an instance speaks the clients' dialect. Otherwise they are read and written
    /// anew: where a stream ends and what it cost is only seen in the words of OpenAI and Anthropic.
    public var passesBytes: Bool

    /// Creates an operation.
    public init(
        name: String,
        path: String,
        upstreamPath: String,
        shape: BodyShape,
        dialect: Dialect = .openAI,
        kinds: Set<ModelKind>,
        suffix: String? = nil,
        generates: Bool? = nil,
        passesBytes: Bool = true
    ) {
        self.name = name
        self.path = path
        self.suffix = suffix
        self.generates = generates ?? shape.generates
        self.passesBytes = passesBytes
        self.upstreamPath = upstreamPath
        self.shape = shape
        self.dialect = dialect
        self.kinds = kinds
    }
}
