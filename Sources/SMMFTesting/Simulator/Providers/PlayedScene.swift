// SPDX-License-Identifier: MIT

/// What a request's last user message wants to have played: `#tools`, `#error:quota`, `#text #fault:split` and the like.
struct PlayedScene: Sendable {
    /// What is answered.
    enum Act: String, Sendable, Hashable, CaseIterable {
        /// Repeats what the user said.
        case text
        /// Repeats all that arrived, as a JSON object.
        case echo
        /// Calls the first declared tool, with arguments that its schema allows.
        case tools
        /// Calls two tools at once.
        case parallel
        /// Reasons first.
        case reason
        /// A JSON object of the schema that was asked for.
        case json
        /// Names the media type and the size of each image.
        case image
        /// Runs into the limit of tokens.
        case length
        /// Stops before the first of the texts to stop at, or just stops.
        case stop
        /// Usage with a cached part and hidden reasoning.
        case usage
        /// Sixty tokens with a pause between them.
        case slow
        /// The provider takes offence at the content half-way.
        case filter
    }

    var act = Act.text
    /// What goes wrong before anything is answered.
    var error: PlayedError.Kind?
    var fault: PlayedFault?
    /// What the user said beside that.
    var said = ""
    /// The words with `#` that nothing here knows.
    var unknown: [String] = []

    init(_ text: String) {
        var rest: [Substring] = []
        for word in text.split(separator: " ") {
            guard word.hasPrefix("#"), word.count > 1 else {
                rest.append(word)
                continue
            }
            let parts = word.dropFirst().split(separator: ":", maxSplits: 1).map(String.init)
            if parts.count == 1, let act = parts.first.flatMap(Act.init) {
                self.act = act
            } else if parts.count == 2, parts[0] == "error", let kind = PlayedError.Kind(rawValue: parts[1]) {
                error = kind
            } else if parts.count == 2, parts[0] == "fault", let fault = PlayedFault(rawValue: parts[1]) {
                self.fault = fault
            } else {
                unknown.append(String(word))
            }
        }
        said = rest.joined(separator: " ")
    }
}
