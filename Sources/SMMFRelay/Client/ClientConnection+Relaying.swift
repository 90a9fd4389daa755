// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Finding an instance for a request and sending it there.
extension ClientConnection {
    /// The request is read as a whole.
    func dispatch() {
        switch target {
        case .local(let index): runLocal(index)
        case .operation(let index): beginRelay(index)
        case nil: break
        }
    }

    private func beginRelay(_ index: Int) {
        // The body is read, so the connection can go on whatever the answer is.
        phase = .asked
        finalDeadline = loop.driver.now + TimeAmount(timeouts.total)
        let settings = loop.settings
        let shape = settings.operations[index].shape
        let peek: RequestPeek
        do throws(RequestProblem) {
            let bytes = inbound
            let content = bytes.span.extracting(body)
            peek =
                shape == .form
                ? try RequestPeek(form: content, parser.fields, in: bytes.span)
                : try RequestPeek(content, shape: shape, depthLimit: settings.configuration.depthLimit)
        } catch { return refuse(400, ErrorEnvelope(error)) }
        let bytes = inbound
        let model =
            settings.operations[index].suffix == nil
            ? peek.model.decoded(in: bytes.span.extracting(body)) : modelInPath(settings.operations[index])
        guard mayUse(model) else { return }
        guard let place = loop.table.place(of: model) else { return refuseModel(model) }
        let entry = loop.table.sorted[place]
        guard settings.operations[index].kinds.contains(entry.kind) else {
            return refuseKind(entry, settings.operations[index])
        }
        guard loop.metrics.inFlight < settings.share(settings.configuration.maxInFlight) else {
            let error = ErrorEnvelope(.server, "Too many requests are in flight here.", code: "overloaded")
            return refuse(503, error, fields: [("retry-after", "1")])
        }
        let now = NIODeadline.now()
        guard admit(KeyDemand(peek, generates: settings.operations[index].generates), at: now.uptimeNanoseconds) else {
            return
        }
        loop.metrics.inFlight += 1
        request = RelayRequest(
            operation: index,
            model: model,
            row: loop.traffic.rowsByPlace[place],
            peek: peek,
            hidesUsage: settings.operations[index].hidesUsage && peek.streams && !peek.includesUsage,
            bytesIn: requestLength,
            startedAt: now,
            chooser: InstanceChooser(entry)
        )
        if let request, beginBatch(entry, request) || waitsToGather(entry, request) { return }
        proceed(entry)
    }

    /// The model that stands in the path, in front of the operation's suffix.
    private func modelInPath(_ operation: RelayOperation) -> String {
        guard let head else { return "" }
        let start = head.path.range.lowerBound + operation.path.utf8.count
        let end = head.path.range.upperBound - (operation.suffix ?? "").utf8.count
        let bytes = inbound
        return PathText.unescaped(bytes.span.text(start..<end))
    }

    private func refuseModel(_ model: String) {
        let nearest = loop.table.nearest(to: model, in: key?.models)
        let hint =
            nearest.isEmpty ? "" : " Did you mean \(nearest.map { "`\($0)`" }.joined(separator: " or "))?"
        let message = "The model `\(model.prefix(200))` does not exist here.\(hint)"
        refuse(404, ErrorEnvelope(.notFound, message, param: "model", code: "model_not_found"))
    }

    private func refuseKind(_ entry: RouteEntry, _ operation: RelayOperation) {
        let message =
            "The model `\(entry.name)` is of the kind \(entry.kind.rawValue), which cannot do \(operation.name)."
        refuse(400, ErrorEnvelope(.invalidRequest, message, param: "model", code: "model_kind_mismatch"))
    }

    func proceed(_ entry: RouteEntry) {
        switch entry.availability {
        case .serving: attempt()
        case .comingUp(let reason): hold(reason, until: longestHold)
        case .unavailable(let reason): failUnavailable(reason)
        }
    }

    /// Tries the next instance.
    private func attempt() {
        guard let request else { return }
        request.attempts += 1
        guard request.attempts <= InstanceChooser.attemptLimit, let instance = loop.choose(&request.chooser) else {
            return exhausted()
        }
        request.instance = instance
        request.needsFreshConnection = false
        if request.attempts > 1 {
            loop.traffic.rows[request.row].retries += 1
            request.countsOverhead = false
        }
        guard beginTranslation(request, for: instance) else { return }
        slot = LoadSlot(on: instance.load)
        loop.sent(to: instance)
        acquire(fresh: false)
    }

    /// The kept connection had been closed by the instance, most likely before the request came: that is no failure of
    /// the instance, and a new connection gets the request once more.
    func upstreamWasStale() {
        loop.metrics.staleConnections += 1
        upstream = nil
        guard let request, !request.needsFreshConnection else { return attemptFailed(.closed) }
        self.request?.needsFreshConnection = true
        acquire(fresh: true)
    }

    /// The instance did not answer, and nothing has been sent to the client.
    func attemptFailed(_ failure: AttemptFailure) {
        upstream = nil
        line = nil
        slot = nil
        guard let instance = request?.instance else { return }
        loop.logger.warning(
            "An instance failed a request before its answer",
            metadata: [
                "smmf.instance": "\(instance.id)", "smmf.request.id": "\(requestID.text)",
                "smmf.failure": "\(failure.explanation)",
            ]
        )
        if let rest = instance.rest, let reason = failure.rest {
            rest.rest(until: loop.driver.now.uptimeNanoseconds + reason.nanoseconds, reason.reason)
        } else if failure.countsAgainstInstance {
            loop.failed(instance)
        }
        request?.lastFailure = (instance, failure)
        if failure == .closed { request?.closings += 1 }
        request?.instance = nil
        attempt()
    }

    /// No instance is left to try.
    private func exhausted() {
        guard let request else { return }
        guard let failed = request.lastFailure else {
            guard let rest = request.chooser.resting(at: loop.clock()) else {
                return failUnavailable("no instance is ready")
            }
            return failResting(rest.reason, seconds: rest.nanoseconds / 1_000_000_000 + 1)
        }
        let what = failed.failure.explanation
        let explanation = "The instance \(failed.instance.id) \(what)\(what.hasSuffix(".") ? "" : ".")"
        let isBadLuck = failed.failure == .closed && request.closings == 1
        if failed.failure.suggestsDeath || isBadLuck, timeouts.afterFailure > .zero {
            // Whoever supervises it learns of its death just now; the next routing table may know a way.
            return hold(explanation, until: min(longestHold, .now() + TimeAmount(timeouts.afterFailure)))
        }
        failUpstream(failed.failure, explanation)
    }

    func failUpstream(_ failure: AttemptFailure, _ explanation: String) {
        let fields = failure.retryAfter.map { [(name: "retry-after", value: $0)] } ?? []
        let kind: ErrorEnvelope.Kind = failure.status == 429 ? .rateLimit : .server
        fail(failure.status, ErrorEnvelope(kind, explanation, code: failure.code), fields)
    }

    /// Every key of the model's providers rests.
    private func failResting(_ reason: InstanceRest.Reason, seconds: UInt64) {
        let why =
            switch reason {
            case .limited, .none: "has reached its rate limit"
            case .exhausted: "has no money or quota left"
            case .refused: "is refused by its provider"
            }
        let message =
            "Each key of the model `\(request?.model ?? "")` \(why); the first is tried again in \(seconds) s."
        let isLimit = reason == .limited || reason == .none
        let error = ErrorEnvelope(isLimit ? .rateLimit : .server, message, code: "provider_keys_rest")
        fail(isLimit ? 429 : 503, error, [("retry-after", "\(seconds)")])
    }

    /// The provider refused what the client asks for, and would refuse it again.
    func refused(_ error: NeutralError) {
        upstream = nil
        fail(error.clientStatus, ErrorEnvelope(error), [])
    }

    /// How the client is told of a provider's error.
    var errorWriter: TranslationTable.ErrorWriter {
        let own = request.flatMap {
            loop.settings.translations.errorWriter(loop.settings.operations[$0.operation].dialect)
        }
        return own ?? { ErrorEnvelope($0).tree.bytes }
    }

    func failUnavailable(_ reason: String) {
        let message = "The model `\(request?.model ?? "")` is not available: \(reason)"
        let error = ErrorEnvelope(.server, message, code: "model_unavailable")
        let wait = request.flatMap { loop.table.entry(for: $0.model) }?.retryAfter(at: WallClock.now()) ?? 1
        fail(503, error, [("retry-after", "\(wait)")])
    }

    func fail(_ status: Int, _ error: ErrorEnvelope, _ fields: [(name: String, value: String)]) {
        guard phase != .closed else { return count(.failed(status: status)) }
        if request?.isOpened == true {
            count(.failed(status: status))
            return failOpened(error)
        }
        write(response(status, error, fields))
        count(.failed(status: status))
        finishRequest()
    }
}
