// SPDX-License-Identifier: MIT

public import SMMFCore
import SMMFRelay
public import SMMFWire

/// The smallest call of a provider's chat API, and what its answer means: values, without a socket.
public struct ProviderTrial: Sendable {
    private let provider: Provider
    private let model: String
    private let request: ChatRequest

    /// Prepares a call that asks `model` for one token.
    public init(_ provider: Provider, model: String) {
        self.provider = provider
        self.model = model
        var request = ChatRequest(model: model, messages: [ChatMessage(.user, text: "Hi")], family: .openAI)
        request.maxTokens = 1
        self.request = request
    }

    /// The request to `endpoint` as the provider takes it, with the key's fields, which may be a signature, among its own.
    /// `time` is in milliseconds since 1970.
    public func request(
        _ endpoint: Endpoint,
        key: String?,
        time: Int
    ) throws(TranslationRefusal) -> TranslatedRequest {
        var written = try provider.chat.write(request)
        let target = endpoint.path + written.path
        written.fields += provider.fields(
            for: ProviderCall(key: key, host: endpoint.hostField, target: target, body: written.body, time: time)
        )
        return written
    }

    /// What an answer means that came after so many milliseconds.
    public func judge(_ head: AnswerHead, _ body: [UInt8], milliseconds: Int) -> ProviderVerdict {
        guard head.isSuccess else { return judge(provider.error(head, body), milliseconds) }
        var reader = provider.chat.reader(for: request)
        var events: [ChatEvent] = []
        reader.begin(head)
        reader.feed(body.span, to: &events)
        reader.finish(isWhole: true, to: &events)
        var usage: TokenUsage?
        for event in events {
            switch event {
            case .usage(let report): usage = report
            case .error(let error): return judge(error, milliseconds)
            default: continue
            }
        }
        return works(milliseconds, usage)
    }

    private func works(_ milliseconds: Int, _ usage: TokenUsage?) -> ProviderVerdict {
        let tokens = usage.map { ", \($0.prompt) tokens in and \($0.completion) out" } ?? ""
        return ProviderVerdict(.works, "\(provider.title) works: \(model) answered in \(milliseconds) ms\(tokens).")
    }

    private func judge(_ error: NeutralError, _ milliseconds: Int) -> ProviderVerdict {
        let words = Self.line(error.text)
        if Self.isTooShort(error) { return works(milliseconds, nil) }
        if Self.isAboutPlace(error) {
            return ProviderVerdict(
                .region,
                "\(provider.title) does not serve callers from here: \(words)",
                nextStep: "Call it from a place that it serves, or through a proxy there with --base-url."
            )
        }
        let keys = provider.keyPage.map { "Keys are at \($0)." }
        switch error.kind {
        case .badKey, .expiredToken, .unauthorized:
            let place = provider.hasRegions ? " A key of another region's site is no key here." : ""
            return ProviderVerdict(
                .badKey,
                "\(provider.title) does not accept the key: \(words)",
                nextStep: (keys ?? "") + place
            )
        case .denied, .forbidden:
            return ProviderVerdict(
                .denied,
                "\(provider.title) knows the key, but it may not do this: \(words)",
                nextStep: keys.map { "See what the key may do. " + $0 }
            )
        case .quota:
            return ProviderVerdict(
                .noMoney,
                "The account at \(provider.title) has no money or quota left: \(words)",
                nextStep: "Top the account up, or use the key of another."
            )
        case .rateLimit, .overRate:
            return ProviderVerdict(
                .limited,
                "The key works, but has reached a rate limit of \(provider.title): \(words)",
                nextStep: error.retryAfter.map { "Come again in \($0.components.seconds + 1) s." }
            )
        case .notFound:
            return ProviderVerdict(.noModel, "\(provider.title) has no model \(model) for this key: \(words)")
        case .overloaded, .outage:
            let status = error.status > 0 ? "with status \(error.status)" : "without a status"
            return ProviderVerdict(.down, "\(provider.title) failed \(status): \(words)", nextStep: "Try again later.")
        case .badRequest, .contentFilter, .contextOverflow:
            return ProviderVerdict(.refused, "\(provider.title) refused the request: \(words)")
        }
    }

    /// Models that think first cannot say anything in one token, and some answer so: the key and the model are good.
    private static func isTooShort(_ error: NeutralError) -> Bool {
        let text = error.text.lowercased()
        return error.kind == .badRequest && text.contains("max_tokens") && text.contains("output limit")
    }

    /// Whether the caller's country is at fault.
    private static func isAboutPlace(_ error: NeutralError) -> Bool {
        let text = ((error.code ?? "") + " " + error.text).lowercased()
        return [
            "unsupported_country", "location is not supported", "country, region", "not available in your country",
            "not available in your region", "not supported in your region",
        ].contains { text.contains($0) }
    }

    /// The provider's words in one line, without what would drive a terminal.
    private static func line(_ text: String) -> String {
        let plain = String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 })
        let short = String(plain).prefix(300)
        return short.isEmpty ? "it does not say why" : String(short)
    }
}
