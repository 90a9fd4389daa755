// SPDX-License-Identifier: MIT

/// What a played provider answers at a path.
struct PlayedRoute: Sendable {
    typealias Make = @Sendable (PlayedCall) throws(PlayedError) -> PlayedReply

    let method: String
    /// A path in which `{model}` stands for the model, escaped.
    let pattern: String
    /// Whether it is open to those without a key.
    var isOpen = false
    let make: Make

    init(_ method: String, _ pattern: String, isOpen: Bool = false, _ make: @escaping Make) {
        self.method = method
        self.pattern = pattern
        self.isOpen = isOpen
        self.make = make
    }

    /// A conversation in a wire's words.
    static func chat(_ pattern: String, _ wire: any PlayedWire) -> PlayedRoute {
        PlayedRoute("POST", pattern) { call throws(PlayedError) in try call.chat(wire) }
    }

    /// The model in the path, empty where the pattern has none; nil where the path is another one.
    func model(in path: String) -> String? {
        let parts = pattern.split(separator: "{model}", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return path == pattern ? "" : nil }
        guard path.count > pattern.count - "{model}".count, path.hasPrefix(parts[0]), path.hasSuffix(parts[1]) else {
            return nil
        }
        let model = path.dropFirst(parts[0].count).dropLast(parts[1].count)
        // A method behind the model, as Gemini has them, is not part of another pattern's model.
        guard !model.contains("/"), !model.contains(":") else { return nil }
        return PlayedCall.decoded(model)
    }
}
