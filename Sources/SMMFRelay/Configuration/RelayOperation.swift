// SPDX-License-Identifier: MIT

public import SMMFCore
public import SMMFWire

/// A path that is relayed to instances, such as chat completions. Its method is POST.
public struct RelayOperation: Sendable, Hashable {
    /// For logs, metrics and messages.
    public var name: String
    /// The exact path that clients call.
    public var path: String
    /// The path at the instance, behind its endpoint's own.
    public var upstreamPath: String
    /// What the body must have.
    public var shape: BodyShape
    /// The words that clients speak on this path.
    public var dialect: Dialect
    /// The kinds of model that can do it.
    public var kinds: Set<ModelKind>

    /// Whether it generates tokens, as against reading a prompt only.
    var generates: Bool { shape == .messages || shape == .prompt }

    /// Creates an operation.
    public init(
        name: String,
        path: String,
        upstreamPath: String,
        shape: BodyShape,
        dialect: Dialect = .openAI,
        kinds: Set<ModelKind>
    ) {
        self.name = name
        self.path = path
        self.upstreamPath = upstreamPath
        self.shape = shape
        self.dialect = dialect
        self.kinds = kinds
    }
}
