// SPDX-License-Identifier: MIT

public import SMMFCore

/// The models that are known by name.
public enum Catalog {
    /// All of them, in the order of their names.
    public static let models: [CatalogModel] = (specified + current + encoders).sorted { $0.name < $1.name }

    /// A model by its name, whatever the case; throws ``SMMFError`` with near names.
    public static func model(_ name: String) throws(SMMFError) -> CatalogModel {
        let wanted = name.lowercased()
        if let model = models.first(where: { $0.name == wanted || $0.huggingFace.lowercased() == wanted }) {
            return model
        }
        let near = NameSuggestion.nearest(to: wanted, among: models.map(\.name), limit: 3)
        throw SMMFError(
            .notFound,
            "The catalog has no model \(name).",
            field: "source",
            nextStep: near.isEmpty ? "See smmf model catalog." : "Did you mean \(near.joined(separator: " or "))?"
        )
    }
}
