// SPDX-License-Identifier: MIT

/// A model as OpenAI's list of models shows it.
public struct ModelListing: Sendable, Hashable {
    public var id: String
    /// Seconds since 1970.
    public var created: Int
    public var owner: String

    /// Creates a listing.
    public init(id: String, created: Int, owner: String) {
        self.id = id
        self.created = created
        self.owner = owner
    }

    /// Appends the model's object.
    public func append(to output: inout [UInt8]) {
        output.append(literal: "{\"id\":")
        output.append(json: id)
        output.append(literal: ",\"object\":\"model\",\"created\":")
        output.append(decimal: created)
        output.append(literal: ",\"owned_by\":")
        output.append(json: owner)
        output.append(literal: "}")
    }

    /// Appends the list of all `models`.
    public static func append(list models: [ModelListing], to output: inout [UInt8]) {
        output.append(literal: "{\"object\":\"list\",\"data\":[")
        for (index, model) in models.enumerated() {
            if index > 0 { output.append(literal: ",") }
            model.append(to: &output)
        }
        output.append(literal: "]}")
    }
}
