// SPDX-License-Identifier: MIT

public import SMMFCore

/// How to serve a model of the catalog on a machine, and why so; a value, made from values.
public struct DeploymentChoice: Sendable, Hashable {
    public var engine: String
    public var quantization: Quantization
    /// A repository on Hugging Face.
    public var source: String
    public var context: Int
    public var parallel: Int
    /// Cards that share the model; nil on the processor.
    public var devices: Int?
    public var estimate: MemoryEstimate
    /// One sentence for a person.
    public var reason: String

    /// Tokens for one request where nobody asks for more: a model's whole context would often take more memory than the
    /// model.
    static let usualContext = 8192
    /// Requests at once where nobody says.
    static let usualParallel = 4
    /// The part of a card that a model may fill.
    static let deviceShare = 0.9

    /// Chooses; throws ``SMMFError`` that says what would be needed where nothing fits.
    public init(
        _ model: CatalogModel,
        on machine: Machine,
        context: Int? = nil,
        parallel: Int? = nil
    ) throws(SMMFError) {
        let context = min(context ?? Self.usualContext, model.context)
        let parallel = parallel ?? Self.usualParallel
        var smallest: MemoryEstimate?
        for (engine, quantization, devices) in Self.ways(model, machine) {
            // llama.cpp takes the memory of all places at once; the others share what is left among requests.
            let places = engine == "llama.cpp" ? parallel : 1
            let estimate = MemoryEstimate(model, quantization, context: context, parallel: places)
            if smallest.map({ estimate.total < $0.total }) ?? true { smallest = estimate }
            let room =
                devices.map { Int(Double(machine.devices.sorted(by: >).prefix($0).last ?? 0) * Self.deviceShare) * $0 }
                ?? machine.memory
            guard estimate.total <= room else { continue }
            self.engine = engine
            self.quantization = quantization
            self.source = engine == "llama.cpp" ? model.gguf ?? model.huggingFace : model.huggingFace
            self.context = context
            self.parallel = parallel
            self.devices = devices
            self.estimate = estimate
            self.reason = Self.explain(engine, quantization, devices, estimate, room)
            return
        }
        throw Self.refusal(model, machine, smallest)
    }

    /// Engines with a quantization and a number of cards, the best first: whole numbers before fewer bits, one card before
    /// several, a card before the processor.
    private static func ways(_ model: CatalogModel, _ machine: Machine) -> [(String, Quantization, Int?)] {
        let engines = model.engines.filter { machine.engines.contains($0) }
        var ways: [(String, Quantization, Int?)] = []
        let onCards = engines.filter { $0 != "llama.cpp" }
        let counts = [1, 2, 4, 8, 16].filter { $0 <= machine.devices.count }
        for count in counts { for engine in onCards { ways.append((engine, .published, count)) } }
        if engines.contains("llama.cpp") {
            for quantization in [Quantization.q8, .q4] {
                for count in counts { ways.append(("llama.cpp", quantization, count)) }
            }
        }
        if engines.contains("llama.cpp") {
            ways.append(("llama.cpp", .q4, nil))
        }
        for engine in engines where ["infinity", "transformers", "vllm", "fastchat"].contains(engine) {
            ways.append((engine, .published, nil))
        }
        return ways
    }

    private static func explain(
        _ engine: String,
        _ quantization: Quantization,
        _ devices: Int?,
        _ estimate: MemoryEstimate,
        _ room: Int
    ) -> String {
        let form = quantization == .published ? "as it is published" : "in \(quantization.rawValue)"
        let place =
            switch devices {
            case nil: "on the processor"
            case 1: "on one card"
            case let count?: "on \(count) cards"
            }
        return "\(engine) serves it \(form) \(place): about \(size(estimate.total)) of \(size(room))."
    }

    private static func refusal(_ model: CatalogModel, _ machine: Machine, _ smallest: MemoryEstimate?) -> SMMFError {
        guard let smallest else {
            let needed = model.engines.joined(separator: ", ")
            return SMMFError(
                .invalidRequest,
                "No engine that serves \(model.name) is or can be had on this machine; it needs one of \(needed).",
                field: "engine",
                nextStep: "smmf engine list says what is missing and how to get it."
            )
        }
        return SMMFError(
            .invalidRequest,
            "\(model.name) needs at least \(size(smallest.total)) and this machine has \(size(machine.memory)) of free "
                + "memory" + (machine.devices.isEmpty ? "." : " and cards of \(machine.devices.map(size))."),
            field: "source",
            nextStep: "Choose a smaller model, lower context or parallel, or deploy it on a larger machine."
        )
    }

    /// Bytes for a person.
    public static func size(_ bytes: Int) -> String {
        guard bytes >= 1_000_000_000 else { return "\(Int((Double(bytes) / 1e6).rounded(.up))) MB" }
        let tenths = Int((Double(bytes) / 1e8).rounded())
        return "\(tenths / 10).\(tenths % 10) GB"
    }
}
