// SPDX-License-Identifier: MIT

/// Whose wire a simulated engine speaks: what it answers where, in which words, and how its program is started.
///
/// A dialect is one file in `Dialects`, written from the engine's own contract and not from SMMF's adapter, and one line
/// in ``all``. What it does not say is as with a plain server of OpenAI's API.
public struct SimulatorDialect: Sendable {
    /// The engine's name, as in `--dialect`.
    let name: String
    /// Lines of every response head behind the content type.
    var head = ["server: uvicorn"]
    /// More such lines while the connection stays open.
    var openHead: [String] = []
    /// What a health probe gets at these paths when all is well.
    var health: [String: String] = ["/health": ""]
    /// What is made at which path by POST.
    var forms: [String: SimulatorForm] = SimulatorOpenAI().forms
    /// The pages, by method and path such as `GET /v1/models`; a path that ends in `*` is a beginning.
    var pages: [String: @Sendable (SimulatorCall) -> SimulatorPlan] = [:]
    /// The numbers for Prometheus, and where they stand.
    var metrics: SimulatorMetrics?
    /// What to say of a model's name that it does not serve; nil serves it under any name.
    var unknownModel: (@Sendable (_ name: String, _ script: SimulatorScript) -> SimulatorRequest.Invalid?)?
    /// Whether a path is open to those without the key.
    var isOpen: @Sendable (_ path: String) -> Bool = { $0 == "/health" }
    /// The body of an error answer.
    var error: @Sendable (SimulatorError) -> String = { SimulatorOpenAI.error($0, types: [:]) }
    /// What one gets who finds no place in the queue.
    var overload = SimulatorError(503, "The request queue is full.")
    /// What one gets who asks while it sleeps; nil for nothing at all.
    var asleep: SimulatorError?
    /// How the program is started, what it prints and how it ends; nil for what is only a wire.
    public internal(set) var program: SimulatedProgram?
}

extension SimulatorDialect: RawRepresentable, CaseIterable, Hashable {
    /// Every dialect, the one first that stands in for any server of OpenAI's API.
    public static let all: [SimulatorDialect] = [
        .llamaCpp,
        .vllm,
        .sglang,
        .tgi,
        .tensorRT,
        .lmDeploy,
        .ollama,
        .tei,
    ]

    public static var allCases: [SimulatorDialect] { all }

    public var rawValue: String { name }

    public init?(rawValue: String) {
        guard let dialect = Self.all.first(where: { $0.name == rawValue }) else { return nil }
        self = dialect
    }

    public static func == (left: SimulatorDialect, right: SimulatorDialect) -> Bool { left.name == right.name }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
