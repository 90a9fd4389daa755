// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore
public import SMMFProviders
import SMMFRelay
import SMMFWire
import SMMFWorker

/// Tries a provider with one real call.
public struct ProviderCheck: Sendable {
    /// What came of it.
    public struct Result: Sendable {
        /// The model that was asked; nil where none was found.
        public var model: String?
        public var verdict: ProviderVerdict
    }

    private let http: PlainHTTP
    /// For the variables that name a proxy, which nothing here uses.
    private let environment: [String: String]
    private let timeout: Duration

    private static let answerLimit = 4 << 20
    /// Names in a hint.
    private static let shownModels = 5

    /// Creates a check.
    public init(http: PlainHTTP, environment: [String: String], timeout: Duration = .seconds(30)) {
        self.http = http
        self.environment = environment
        self.timeout = timeout
    }

    /// Asks `model` for one token; without a name a cheap one of the provider's, or the first that a server of one's own
    /// has. Throws ``SMMFError`` when `spec` is wrong.
    public func run(
        _ provider: Provider,
        _ spec: ProviderSpec,
        model: String?,
        key: Secret?
    ) async throws -> Result {
        let endpoint = try provider.endpoint(for: spec)
        let place = Place(provider: provider, endpoint: endpoint, key: key)
        var chosen = model ?? provider.trialModel
        if chosen == nil {
            let listed = await models(place)
            if provider.isKeyless { chosen = listed.first }
            guard chosen != nil else { return Result(verdict: await unnamed(place, listed)) }
        }
        let name = chosen ?? ""
        let trial = ProviderTrial(provider, model: name)
        let request: TranslatedRequest
        do throws(TranslationRefusal) {
            request = try trial.request(endpoint, key: key?.revealed, time: Self.now)
        } catch {
            return Result(model: name, verdict: ProviderVerdict(.refused, error.message))
        }
        let start = ContinuousClock.now
        let answer: PlainHTTP.Answer
        do {
            answer = try await http.call(
                endpoint,
                path: request.path,
                lines: request.fields,
                body: request.body,
                timeout: timeout,
                limit: Self.answerLimit
            )
        } catch {
            return Result(model: name, verdict: unreachable(NetworkTrouble(error), place))
        }
        let (seconds, attoseconds) = start.duration(to: .now).components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        // Their words are cut later, which would leave a part of a key that they repeat.
        var said = answer.body
        if let key, key.revealed.utf8.count >= 16 {
            let text = String(decoding: said, as: UTF8.self)
            if text.contains(key.revealed) { said = Array(text.replacing(key.revealed, with: key.masked).utf8) }
        }
        var verdict = trial.judge(Self.head(answer), said, milliseconds: milliseconds)
        // Some providers repeat the key that they do not know.
        if let key { verdict.message = verdict.message.replacing(key.revealed, with: key.masked) }
        if verdict.outcome == .noModel { verdict.nextStep = Self.advice(await models(place)) }
        return Result(model: name, verdict: verdict)
    }

    private struct Place {
        var provider: Provider
        var endpoint: Endpoint
        var key: Secret?
    }

    private static var now: Int { Int(Timestamp.systemTime.milliseconds) }

    private static func head(_ answer: PlainHTTP.Answer) -> AnswerHead {
        AnswerHead(
            status: answer.status,
            contentType: answer.fields["content-type"] ?? "",
            retryAfter: answer.fields["retry-after-ms"].map { $0 + "ms" } ?? answer.fields["retry-after"],
            errorType: answer.fields["x-amzn-errortype"]
        )
    }

    /// The provider's list; empty where it has none or gives none.
    private func models(_ place: Place) async -> [String] {
        guard let path = place.provider.listing else { return [] }
        let answer = try? await http.call(
            place.endpoint,
            path: path,
            lines: place.provider.fields(
                for: ProviderCall(
                    key: place.key?.revealed,
                    host: place.endpoint.hostField,
                    target: place.endpoint.path + path,
                    time: Self.now
                )
            ),
            timeout: min(timeout, .seconds(5)),
            limit: Self.answerLimit
        )
        guard let answer, answer.status == 200 else { return [] }
        return Provider.models(in: answer.body)
    }

    private static func advice(_ models: [String]) -> String? {
        guard !models.isEmpty else { return nil }
        let more = models.count > shownModels ? " and \(models.count - shownModels) more" : ""
        return "It lists \(models.prefix(shownModels).joined(separator: ", "))\(more)."
    }

    /// No model was named and none is known.
    private func unnamed(_ place: Place, _ listed: [String]) async -> ProviderVerdict {
        if listed.isEmpty, place.provider.isKeyless {
            do {
                _ = try await http.call(
                    place.endpoint,
                    path: "/v1/models",
                    timeout: .seconds(5),
                    limit: Self.answerLimit
                )
            } catch {
                return unreachable(NetworkTrouble(error), place)
            }
            return ProviderVerdict(.noModel, "\(place.provider.title) at \(place.endpoint) lists no model.")
        }
        return ProviderVerdict(
            .noModel,
            "Which models \(place.provider.title) has now is not known here.",
            nextStep: "Name one with --model." + (Self.advice(listed).map { " " + $0 } ?? "")
        )
    }

    private func unreachable(_ trouble: NetworkTrouble, _ place: Place) -> ProviderVerdict {
        let endpoint = place.endpoint
        let proxy = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].first { environment[$0]?.isEmpty == false }
        let hint = proxy.map { "\($0) is set, but SMMF connects directly; name a proxy's own address with --base-url." }
        func verdict(_ why: String, _ nextStep: String) -> ProviderVerdict {
            ProviderVerdict(.unreachable, why, nextStep: [nextStep, hint].compactMap { $0 }.joined(separator: " "))
        }
        switch trouble {
        case .name:
            return verdict("The name \(endpoint.host) is unknown.", "Check the address and this machine's DNS.")
        case .refused:
            let isLocal = place.provider.isKeyless
            return verdict(
                "Nobody answers at \(endpoint.authority).",
                isLocal
                    ? "Is \(place.provider.title) running?" : "Check the address, and whether a firewall is in the way."
            )
        case .timeout:
            return verdict("\(endpoint.authority) did not answer in time.", "Check the network, or try again.")
        case .certificate:
            return verdict(
                "The certificate of \(endpoint.authority) is not one to be believed.",
                "A proxy that opens connections may be in the way; server.upstream_tls.ca takes its authority."
            )
        case .handshake:
            return verdict("TLS with \(endpoint.authority) came to nothing.", "Does it speak TLS on this port?")
        case .other(let text):
            return verdict("\(endpoint.authority) gave no proper answer: \(text.prefix(200))", "Check the address.")
        }
    }
}
