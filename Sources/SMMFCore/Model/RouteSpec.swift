// SPDX-License-Identifier: MIT

/// The models that a name stands for, and which of them gets a request.
///
/// Without weights they are tried in order. With weights each request begins at one of those that have one, by chance and
/// in these shares, and the others stand in.
public struct RouteSpec: Sendable, Hashable {
    /// One of the models.
    public struct Member: Sendable, Hashable {
        public var model: ModelName
        /// Its share of the requests; of a route with weights a member without one only stands in for others.
        public var weight: Int?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case model, weight
        }

        /// Creates a member.
        public init(_ model: ModelName, weight: Int? = nil) {
            self.model = model
            self.weight = weight
        }
    }

    /// What decides the order of the members instead of the order in which they are written.
    public enum Preference: String, Sendable, Hashable, Codable, CaseIterable {
        /// The cheapest first: one's own engines, then by the price of three tokens of input and one of output, then those
        /// whose price is not known.
        case cost
    }

    public var members: [Member]
    public var preference: Preference?
    /// With so many requests of an API server on each instance of a member, further ones go to the next member, and come
    /// back when there is room. The last one takes what is left.
    public var spillAbove: Int?

    /// The most members.
    public static let limit = 32
    /// The greatest weight.
    public static let heaviest = 1_000

    enum CodingKeys: String, CodingKey, CaseIterable {
        case members
        case preference = "prefer"
        case spillAbove = "spill_above"
    }

    /// Creates a route.
    public init(_ members: [Member], preference: Preference? = nil, spillAbove: Int? = nil) {
        self.members = members
        self.preference = preference
        self.spillAbove = spillAbove
    }

    /// Creates a route whose models are tried in order.
    public init(_ models: [ModelName]) { self.init(models.map { Member($0) }) }

    /// The models in the order in which they are written.
    public var models: [ModelName] { members.map(\.model) }

    /// Whether requests are shared by weights.
    public var isSplit: Bool { members.contains { $0.weight != nil } }
}

extension RouteSpec.Member: Codable {
    /// Reads a name, or an object with `model` and perhaps `weight`.
    public init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer(), let text = try? single.decode(String.self) {
            self.init(try ModelName(text))
            return
        }
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(ModelName.self, forKey: .model),
            weight: try container.decodeIfPresent(Int.self, forKey: .weight)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        guard let weight else { return try model.encode(to: encoder) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try container.encode(weight, forKey: .weight)
    }
}

extension RouteSpec: Codable {
    /// Reads a list of members, or an object with `members` and what else there is.
    public init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var members: [Member] = []
            while !list.isAtEnd { members.append(try list.decode(Member.self)) }
            self.init(members)
            return
        }
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode([Member].self, forKey: .members),
            preference: try container.decodeIfPresent(Preference.self, forKey: .preference),
            spillAbove: try container.decodeIfPresent(Int.self, forKey: .spillAbove)
        )
    }

    /// Writes a list where there is nothing else.
    public func encode(to encoder: any Encoder) throws {
        if preference == nil, spillAbove == nil { return try members.encode(to: encoder) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(members, forKey: .members)
        try container.encodeIfPresent(preference, forKey: .preference)
        try container.encodeIfPresent(spillAbove, forKey: .spillAbove)
    }
}

extension RouteSpec: CustomStringConvertible {
    /// `a then b`, or `a 9, b 1 then c`, with what else there is.
    public var description: String {
        let shared = members.filter { $0.weight ?? 0 > 0 }.map { "\($0.model) \($0.weight ?? 0)" }
        let others = members.filter { $0.weight ?? 0 == 0 }.map(\.model.text)
        var text = ((shared.isEmpty ? [] : [shared.joined(separator: ", ")]) + others).joined(separator: " then ")
        if preference == .cost { text += ", the cheapest first" }
        if let spillAbove { text += ", the next one above \(spillAbove) requests at an instance" }
        return text
    }
}
