// SPDX-License-Identifier: MIT

public import SMMFCore
public import SMMFWire

/// A remote API as a row of data: where it is, how it knows its callers, and in what it differs from others of its shape.
public struct Provider: ProviderPlan {
    /// The name in configuration.
    public let name: String
    /// The name for people.
    public var title: String
    /// The words that its chat API speaks.
    public internal(set) var dialect: Dialect
    /// Its chat API, with what is its own.
    public let chat: any ChatBackendDialect
    /// What it needs changed in bodies of OpenAI's shape; nil for providers of other shapes.
    public let shape: OpenAIShape?
    /// Its base URL, with places such as `{region}` for options.
    public var base: String
    /// Values of options that nobody gave.
    public var defaults: [String: String] = [:]
    public var auth = ProviderAuth.bearer
    /// Field lines of every request beside the key's.
    public var lines = ""
    /// Fields of clients that speak its dialect which it gets as they are.
    public var passedFields: [String] = []
    /// Paths of operations behind the base; `{model}` stands for the model.
    public var paths: [String: String]
    /// Variables of the environment that usually hold a key, the most usual first.
    public var environment: [String] = []
    /// Whether an error of its chat API may come with status 200 and nothing but a code that is not zero.
    public var hidesErrorsByCode = false
    /// Whether the usage of its streams stands where OpenAI's clients do not look.
    public var hasUsageElsewhere = false
    /// Inputs of one embedding request that it takes.
    public var batchLimit: Int?
    public var isKeyless: Bool { auth == .none }

    /// A provider whose chat API has OpenAI's shape; `paths` are added to those of chat and embeddings.
    init(
        _ name: String,
        _ title: String,
        _ base: String,
        keys environment: String...,
        paths: [String: String] = [:],
        shape change: (inout OpenAIShape) -> Void = { _ in }
    ) {
        var shape = OpenAIShape()
        shape.name = name
        change(&shape)
        let version = base.hasSuffix("/v1") ? "/v1" : ""
        let usual = ["chat": "\(version)/chat/completions", "embedding": "\(version)/embeddings"]
        self.paths = usual.merging(paths) { $1 }
        shape.path = self.paths["chat"] ?? ""
        self.name = name
        self.title = title
        self.base = base
        self.environment = environment
        self.shape = shape
        dialect = .openAI
        chat = OpenAIChatBackend(shape)
    }

    /// A provider with a chat API of another shape.
    init(
        _ name: String,
        _ title: String,
        _ base: String,
        keys environment: String...,
        speaks chat: any ChatBackendDialect,
        paths: [String: String]
    ) {
        self.name = name
        self.title = title
        self.base = base
        self.environment = environment
        self.chat = chat
        self.paths = paths
        dialect = Dialect(rawValue: chat.name)
        shape = nil
    }

    /// A copy with changes that few rows need.
    func with(_ change: (inout Provider) -> Void) -> Provider {
        var copy = self
        change(&copy)
        return copy
    }

    /// The options that the base has places for, each once.
    public var options: [String] {
        base.split(separator: "{").dropFirst().map { String($0.prefix { $0 != "}" }) }
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Fills the places of the base, or takes the base that was given instead.
    public func endpoint(for spec: ProviderSpec) throws(SMMFError) -> Endpoint {
        if let own = spec.base { return try ProviderBase.endpoint(own, of: name) }
        for option in spec.options.keys.sorted() where !options.contains(option) {
            let known = options.isEmpty ? "It has none." : "It has \(options.joined(separator: ", "))."
            throw SMMFError(
                .invalidRequest,
                "The provider \(name) has no option \(option). \(known)",
                field: "options.\(option)"
            )
        }
        var text = base
        for option in options {
            guard let value = spec.options[option] ?? defaults[option] else {
                throw SMMFError(
                    .invalidRequest,
                    "The provider \(name) needs the option \(option).",
                    field: "options.\(option)",
                    nextStep: "Its address is \(base)."
                )
            }
            guard value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/?#@:{}".utf8.contains($0) }) else {
                throw SMMFError(
                    .invalidRequest,
                    "The option \(option) is no part of a host name.",
                    field: "options.\(option)"
                )
            }
            text = text.split(separator: "{\(option)}", omittingEmptySubsequences: false).joined(separator: value)
        }
        return try endpoint(text, field: "base_url")
    }

    private func endpoint(_ text: String, field: String) throws(SMMFError) -> Endpoint {
        do throws(SMMFError) { return try Endpoint(text) } catch {
            throw SMMFError(.invalidRequest, error.message, field: field)
        }
    }
}
