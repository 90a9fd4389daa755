// SPDX-License-Identifier: MIT

/// Turns a script and a request into a plan; no socket, no clock, no state.
struct SimulatorPlanner {
    /// What the request's head says about the connection.
    struct Client: Sendable, Hashable {
        var isHTTP10 = false
        var keepsAlive = true
    }

    let script: SimulatorScript
    let client: Client
    /// Where the request was sent, without its query.
    let path: String

    init(script: SimulatorScript, client: Client = Client(), path: String = "") {
        self.script = script
        self.client = client
        self.path = path
    }

    /// The answer to a generating request in this form.
    func answer(_ form: SimulatorForm, body: some Collection<UInt8>) -> SimulatorPlan {
        do throws(SimulatorRequest.Invalid) {
            let request = try form.read(try SimulatorBody.read(body), script)
            if script.status != 0 { return error(script.status, script.errorMessage, cost: .refusal) }
            if script.fault == .error, script.faultAfter == nil {
                return error(500, script.errorMessage, cost: .refusal)
            }
            let answer = SimulatorAnswer(script: script, request: request)
            let isStream = request.isStream && form.stream != nil
            var plan = isStream ? stream(answer, form: form) : whole(answer, form: form)
            let overload = script.dialect.overload
            plan.stepsWhenFull = error(overload.status, overload.message).steps
            return plan
        } catch {
            return self.error(error.status, error.message)
        }
    }

    /// An error object with a status, and `retry-after` where the script has one.
    func error(_ status: Int, _ message: String, cost: SimulatorPlan.Cost = .free) -> SimulatorPlan {
        let retry = script.retryAfter.map { [("retry-after", "\($0)")] } ?? []
        let body = script.dialect.error(SimulatorError(status, message, path: path))
        return page(status, body, extra: retry, cost: cost)
    }

    /// A small answer with a length; JSON unless another type is given.
    func page(
        _ status: Int = 200,
        _ body: String,
        type: String? = nil,
        extra: [(name: String, value: String)] = [],
        cost: SimulatorPlan.Cost = .free
    ) -> SimulatorPlan {
        let body = Array(body.utf8)
        var head = head(.length(body.count))
        head.status = status
        head.contentType = type ?? head.contentType
        head.extra = extra
        var writer = SimulatorPlanWriter(script: script)
        writer.write(head.bytes + body)
        return writer.finish(.complete(closes: head.closes), cost: cost)
    }

    func head(_ body: SimulatorHead.Body, streaming: SimulatorForm.Framing? = nil) -> SimulatorHead {
        var head = SimulatorHead(body: body)
        switch streaming {
        case .events: head.contentType = "text/event-stream"
        case .lines: head.contentType = "application/x-ndjson"
        case nil: break
        }
        head.closes = script.connectionClose || !client.keepsAlive || body == .untilClose
        head.isHTTP10 = script.framing == .http10
        head.leastBytes = script.headBytes
        head.dialect = script.dialect
        return head
    }

    /// How a body of this size is framed.
    func framing(bytes: Int, isStream: Bool) -> SimulatorHead.Body {
        if script.lengthError != 0 { return .length(max(0, bytes + script.lengthError)) }
        switch script.framing {
        case .standard where !isStream: return .length(bytes)
        case .standard: return client.isHTTP10 ? .untilClose : .chunked
        case .chunked: return .chunked
        case .length: return .length(bytes)
        case .close, .http10: return .untilClose
        }
    }
}
