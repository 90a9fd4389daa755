// SPDX-License-Identifier: MIT

import NIOCore
import SMMFCore
import SMMFRouting
import SMMFWire

/// Who asks, whether the key lets the request pass, and what it is charged in the end.
extension ClientConnection {
    /// Finds the request's key as soon as its head is read, so that nobody can send a long body without one. Answers
    /// and returns false where a key is needed and none is good.
    func authenticate(_ target: PathTable.Target, _ bytes: Span<UInt8>) -> Bool {
        if let inner {
            key = inner.key
            return true
        }
        guard loop.keys.isRequired, needsKey(target) else { return true }
        guard let place = Credentials.find(parser.fields, in: bytes) else {
            return refuse(.missing(isEmpty: loop.keys.isEmpty))
        }
        guard let entry = keyMemory.entry(for: bytes, place, in: loop.keys, loop.keyGeneration) else {
            return refuse(loop.keys.isEmpty ? .missing(isEmpty: true) : .unknown(bytes.text(place)))
        }
        switch entry.standing(at: WallClock.now) {
        case .good: break
        case .revoked: return refuse(.revoked(entry))
        case .expired(let moment): return refuse(.expired(entry, moment))
        }
        key = entry
        return true
    }

    private func needsKey(_ target: PathTable.Target) -> Bool {
        switch target {
        case .operation: true
        case .local(let index):
            switch loop.settings.localRoutes[index].access {
            case .open: false
            case .local: !loop.settings.isLoopback
            case .key: true
            }
        }
    }

    /// Whether the key may use the model; answers otherwise, the same whether the model exists or not.
    func mayUse(_ model: String) -> Bool {
        guard let key, !key.models.allows(model) else { return true }
        return refuse(.model(model, key))
    }

    /// Takes what the request may use of its key's limits; answers when that is too much. Once for each request, however
    /// often it is sent.
    func admit(_ demand: KeyDemand, at now: UInt64) -> Bool {
        guard let key, inner == nil else { return true }
        do throws(KeyRefusal) {
            ticket = try key.admit(demand, at: now)
            return true
        } catch { return refuse(.limited(error, key, at: WallClock.now())) }
    }

    private func refuse(_ answer: KeyAnswer) -> Bool {
        loop.metrics.keyRefusals[answer.reason, default: 0] += 1
        refuse(answer.status, answer.error, fields: answer.fields)
        return false
    }

    /// What the answer says about the key's rates; nil without any.
    var rateFields: RateLimitFields? {
        guard let key, key.limits.requestsPerMinute != nil || key.limits.tokensPerMinute != nil else { return nil }
        let rates = key.rates(at: loop.driver.now.uptimeNanoseconds)
        func fields(_ rate: KeyRates.Rate?) -> RateLimitFields.Rate? {
            rate.map { .init(limit: $0.limit, remaining: $0.remaining, reset: $0.resetNanoseconds) }
        }
        return RateLimitFields(requests: fields(rates.requests), tokens: fields(rates.tokens))
    }

    // MARK: Settlement

    /// Charges the key what the request cost, once, whatever its end; what no instance has worked for costs nothing.
    func settleKey(_ usage: SettledUsage?) {
        guard let ticket = ticket.take() else { return }
        let tokens = usage.map { $0.usage.prompt + $0.usage.completion } ?? 0
        ticket.settle(tokens, isEstimate: usage?.isEstimated ?? false, at: loop.driver.now.uptimeNanoseconds)
    }
}

extension KeyDemand {
    /// What a request may cost by its body.
    init(_ peek: RequestPeek, generates: Bool) {
        self.init(inputBytes: peek.input.count, maxTokens: peek.maxTokens, generates: generates)
    }
}
