// SPDX-License-Identifier: MIT

extension SimulatorSetting {
    /// Every setting; a new field of ``SimulatorScript`` gets its line here.
    public static let all: [SimulatorSetting] = engine + generation + stream + framing + faults

    private static let engine: [SimulatorSetting] = [
        texts("model", "the served names, separated by commas", \.models),
        choice("dialect", \.dialect, scope: .engine),
        number("slots", "how many requests generate at once, 1 or more", \.slots, from: 1, scope: .engine),
        number("queue-limit", "how many requests may wait before a 503", \.queueLimit, scope: .engine),
        number("batch-limit", "how many inputs one request may have", \.batchLimit, from: 1, scope: .engine),
        number("context-length", "the stated context length in tokens", \.contextLength, scope: .engine),
        optional("api-key", "the key that requests must carry, or none", \.apiKey, scope: .engine) { $0 },
        flag("loading", "true or false: 503 as a model that is not loaded yet", \.loading, scope: .engine),
        choice("health", \.health, scope: .engine),
        flag("metrics", "true or false: whether /metrics answers", \.metrics, scope: .engine),
        number("recorded", "how many requests are kept to be looked at", \.recorded, scope: .engine),
        flag("refusing", "true or false: nobody listens on the port", \.refusing, scope: .engine),
        flag("can-sleep", "true or false: it was started to be put to sleep", \.canSleep, scope: .engine),
        flag("asleep", "true or false: it sleeps", \.isAsleep, scope: .engine),
        optional("sleep-fault", "none or " + list(SimulatorSleepFault.self), \.sleepFault, scope: .engine) {
            SimulatorSleepFault(rawValue: $0)
        },
        number("ballast-mb", "the megabytes that it holds while it is awake", \.ballast, scope: .engine),
        flag("dropping", "true or false: connections are closed at once", \.dropping, scope: .engine),
    ]

    private static let generation: [SimulatorSetting] = [
        number("tokens", "the tokens of an answer", \.tokens),
        milliseconds("interval-ms", "the milliseconds between two tokens, 0 for all at once", \.tokenInterval),
        milliseconds("first-token-ms", "the milliseconds before the first token", \.firstToken),
        number("prefill-rate", "prompt tokens read per second, 0 for no time", \.prefillRate),
        choice("text", \.text),
        SimulatorSetting("seed", "a number that chooses ids and words") { script, text in
            guard let seed = UInt64(text) else { return false }
            script.seed = seed
            return true
        },
        number("dimensions", "the length of an embedding, 1 or more", \.dimensions, from: 1),
        optional("hold-after", "the tokens after which it waits for /sim/release, or none", \.holdAfter, read: natural),
    ]

    private static let stream: [SimulatorSetting] = [
        choice("usage", \.usage),
        flag("done", "true or false: whether a stream ends with [DONE]", \.done),
        flag("crlf", "true or false: lines of a stream end with CR LF", \.crlf),
        flag("tight", "true or false: no blank after data:", \.tight),
        choice("noise", \.noise),
        flag("early-head", "true or false: the head comes before the first token", \.earlyHead),
    ]

    private static let framing: [SimulatorSetting] = [
        choice("framing", \.framing),
        SimulatorSetting("length-error", "a number that is added to content-length") { script, text in
            guard let error = Int(text) else { return false }
            script.lengthError = error
            return true
        },
        flag("connection-close", "true or false: closes after the answer", \.connectionClose),
        sizes("chunk-sizes", "sizes of HTTP chunks, or none: 1,5,64", \.chunkSizes),
        sizes("write-sizes", "sizes of socket writes, or none: 1,5,64", \.writeSizes),
        milliseconds("write-pause-ms", "the milliseconds between two such writes", \.writePause),
        number("head-bytes", "the least size of the response head", \.headBytes),
    ]

    private static let faults: [SimulatorSetting] = [
        SimulatorSetting("status", "0, or a status from 400 to 599 to answer with") { script, text in
            guard let status = Int(text), status == 0 || (400...599).contains(status) else { return false }
            script.status = status
            return true
        },
        optional("retry-after", "the seconds in retry-after, or none", \.retryAfter, read: natural),
        SimulatorSetting("error-message", "the text of error objects") { script, text in
            script.errorMessage = text
            return true
        },
        optional("fault", "none or " + list(SimulatorFault.self), \.fault) { SimulatorFault(rawValue: $0) },
        SimulatorSetting("fault-after", "the tokens before the fault, or head") { script, text in
            guard text == "head" || natural(text) != nil else { return false }
            script.faultAfter = natural(text)
            return true
        },
        number("fault-count", "how many requests get the fault or status, 0 for all", \.faultCount, scope: .engine),
    ]
}
