// SPDX-License-Identifier: MIT

public import SMMFCatalog
public import SMMFConfiguration
public import SMMFCore
public import SMMFDownload

/// Where models come from by the names that people give them, and what of them was pulled onto this machine.
public struct ModelPulls: Sendable {
    /// What is pulled.
    public let store: ModelStore

    /// Looks into the configuration's data folder.
    public init(_ configuration: Configuration) { store = ModelStore(data: configuration.data) }

    /// Where a model of the catalog is pulled from for an engine: for llama.cpp a GGUF file in the quantization or the
    /// nearest that there is, for others the repository.
    ///
    /// Throws ``SMMFError`` where the model has no GGUF files and the engine needs them.
    public static func source(
        of model: CatalogModel,
        engine: String,
        quantization: Quantization,
        hub: Hub = .huggingFace
    ) throws(SMMFError) -> PullSource {
        guard engine == "llama.cpp" else {
            return PullSource(hub, hub == .modelScope ? model.modelScope ?? model.huggingFace : model.huggingFace)
        }
        guard let gguf = model.gguf else {
            throw SMMFError(
                .invalidRequest,
                "The catalog knows no GGUF files of \(model.name), which llama.cpp needs.",
                field: "engine",
                nextStep:
                    "Choose one of \(model.engines.joined(separator: ", ")), or name a source: hf:OWNER/REPO:Q4_K_M."
            )
        }
        let wanted = quantization == .published ? Quantization.q4 : quantization
        return PullSource(hub, gguf, nearest: wanted.rawValue)
    }

    /// What an engine loads of a model of the catalog that was pulled; nil when it was not, or not whole.
    public func place(of model: CatalogModel, engine: String, quantization: Quantization) -> String? {
        for hub in Hub.allCases {
            guard let source = try? Self.source(of: model, engine: engine, quantization: quantization, hub: hub),
                let pulled = store.pulled(source)
            else { continue }
            if engine == "llama.cpp" {
                if let file = pulled.gguf(of: source) { return file }
            } else if pulled.isComplete, pulled.isWholeRepository {
                return pulled.folder
            }
        }
        return nil
    }

    /// What an engine loads of a source that was pulled: for llama.cpp a file, for others the folder.
    ///
    /// Throws ``SMMFError`` that says how to pull it.
    public func place(of source: PullSource, engine: String) throws(SMMFError) -> String {
        let pulled = store.pulled(source)
        if engine == "llama.cpp" {
            if let file = pulled?.gguf(of: source) { return file }
        } else if let pulled, pulled.isComplete, pulled.isWholeRepository || source.files != nil {
            return pulled.folder
        }
        let isHere = engine == "llama.cpp" && pulled?.isComplete == true
        let wanted = source.files.map { ":\($0)" } ?? ""
        throw SMMFError(
            .notFound,
            isHere
                ? "What is here of \(source) has no GGUF file that llama.cpp could take."
                : "\(source)\(wanted) is not on this machine\(pulled == nil ? "" : " to its last byte").",
            field: "source",
            nextStep: isHere
                ? "Name another engine with --engine, or pull such a file." : "Run smmf model pull with it first."
        )
    }
}
