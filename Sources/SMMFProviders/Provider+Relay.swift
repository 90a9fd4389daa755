// SPDX-License-Identifier: MIT

public import SMMFRelay
public import SMMFWire

/// How the relay calls a provider.
extension Provider: RelayProvider {
    public func path(of operation: String, model: String) -> String? {
        paths[operation]?.split(separator: "{model}", omittingEmptySubsequences: false)
            .joined(separator: PathText.escaped(model))
    }

    public func fields(for call: ProviderCall) -> [UInt8] { auth.lines(for: call) + Array(lines.utf8) }

    public var habits: ProviderHabits {
        ProviderHabits(
            takesStreamOptions: shape?.asksForUsage ?? false,
            hidesErrorsByCode: hidesErrorsByCode,
            hasUsageElsewhere: hasUsageElsewhere
        )
    }

    /// Applies the shape's rules to a chat's body; nil where nothing needs a change, so that the client's bytes are sent.
    public func rewrite(
        _ body: Span<UInt8>,
        operation: String,
        model: String
    ) throws(TranslationRefusal) -> [UInt8]? {
        guard operation == "chat", let shape, shape.changesBodies else { return nil }
        guard let old = try ClientInput(bytes: body).body.object else { return nil }
        var new = old
        try shape.adapt(&new)
        guard new != old else { return nil }
        new["model"] = .string(model)
        if shape.asksForUsage, new["stream"]?.bool == true {
            var options = new["stream_options"]?.present ?? [:]
            options["include_usage"] = true
            new["stream_options"] = options
        }
        return JSONTree.object(new).bytes
    }
}
