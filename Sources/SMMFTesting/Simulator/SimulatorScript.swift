// SPDX-License-Identifier: MIT

/// How a simulated engine behaves: its speed, its length, its shape on the wire and its faults.
///
/// Set in code, by flags of `smmf-sim`, by `POST /sim/script` while it runs, or by `x-sim-NAME` headers for one request;
/// the names and texts of all settings are in ``SimulatorSetting/all``.
public struct SimulatorScript: Sendable, Hashable {
    // MARK: The engine

    /// The names it serves; the first one stands in the answers. At least one.
    public var models = ["sim"]
    /// Whose names, chunks and error bodies it uses.
    public var dialect = SimulatorDialect.llamaCpp
    /// How many requests generate at once; more wait.
    public var slots = 4
    /// How many requests may wait before the next one gets a 503.
    public var queueLimit = 65_536
    /// How many inputs one request for vectors or ranks may have, where the dialect knows such a bound.
    public var batchLimit = 1_024
    /// The context length that it states, in tokens; nothing is refused for its length.
    public var contextLength = 4_096
    /// Asked for as `Authorization: Bearer`, except at `/health` and `/sim/`.
    public var apiKey: String?
    /// Answers 503 everywhere, except at `/sim/`, as a model that is not loaded yet.
    public var loading = false
    /// What `/health` does, apart from loading.
    public var health = SimulatorHealth.ok
    /// `/metrics` answers 501 when off.
    public var metrics = true
    /// How many requests are kept for ``SimulatedEngine/requests``, the latest first to stay.
    public var recorded = 0
    /// Nobody listens on the port, until this is false again.
    public var refusing = false
    /// Connections are accepted and closed at once.
    public var dropping = false

    /// Whether it was started to be put to sleep, where an engine has to be.
    public var canSleep = false
    /// Whether it sleeps: it has given its memory up and generates nothing.
    public var isAsleep = false
    /// What goes wrong with that.
    public var sleepFault: SimulatorSleepFault?
    /// Megabytes that it holds while it is awake.
    public var ballast = 0

    // MARK: Generation

    /// How many tokens an answer has, when the request's own limit is not lower.
    public var tokens = 16
    /// The time between two tokens; zero sends all at once.
    public var tokenInterval = Duration.zero
    /// The time before the first token, prefill not included.
    public var firstToken = Duration.zero
    /// Prompt tokens read per second before the first token; zero takes no time.
    public var prefillRate = 0
    /// What the tokens say.
    public var text = SimulatorText.counter
    /// Chooses the words of `text == .words`, together with the prompt; also part of the answers' ids.
    public var seed: UInt64 = 0
    /// How long the vectors of `/v1/embeddings` are.
    public var dimensions = 8
    /// Waits after this many tokens until ``SimulatedEngine/release()`` or `POST /sim/release`.
    public var holdAfter: Int?

    // MARK: The stream's shape

    /// Where `usage` stands in a stream.
    public var usage = SimulatorUsage.standard
    /// Whether a stream ends with `data: [DONE]`.
    public var done = true
    /// Lines end with CR LF instead of LF.
    public var crlf = false
    /// `data:{` instead of `data: {`.
    public var tight = false
    /// What stands between the events of a stream.
    public var noise = SimulatorNoise.none
    /// The head is sent at once instead of with the first token.
    public var earlyHead = false

    // MARK: Framing

    /// How the end of the body is told.
    public var framing = SimulatorFraming.standard
    /// Added to `content-length`, which is then always sent.
    public var lengthError = 0
    /// Says `connection: close` and closes after the answer.
    public var connectionClose = false
    /// The sizes of HTTP chunks, used in turn; empty makes one chunk of each event.
    public var chunkSizes: [Int] = []
    /// The sizes of writes to the socket, used in turn; empty writes what is ready.
    public var writeSizes: [Int] = []
    /// The time between two such writes.
    public var writePause = Duration.zero
    /// Pads the response head to at least this many bytes.
    public var headBytes = 0

    // MARK: Faults

    /// Answers with this status and an error object instead of generating, when not 0.
    public var status = 0
    /// The `retry-after` of such an answer, in seconds.
    public var retryAfter: Int?
    /// The text in error objects.
    public var errorMessage = "simulated failure"
    /// What goes wrong, when not nil.
    public var fault: SimulatorFault?
    /// When it goes wrong: after this many tokens, or before the head of the response when nil.
    public var faultAfter: Int? = 0
    /// How many requests get the fault or status before all is well again; 0 is every one.
    public var faultCount = 0

    /// A well-behaved engine in llama.cpp's dialect: 16 tokens at once, four slots, model `sim`.
    public init() {}

    /// The name in the answers.
    var model: String { models.first ?? "sim" }

    /// Whether a generating request will not be answered properly.
    var misbehaves: Bool { fault != nil || status != 0 }

    /// The same without its fault and status.
    var behaving: SimulatorScript {
        var script = self
        script.fault = nil
        script.status = 0
        return script
    }
}
