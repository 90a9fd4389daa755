// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore

/// Asks engines over HTTP, in OpenAI's shapes or the engine's own.
public struct HTTPEngineProbe: EngineProbe {
    private let http: PlainHTTP

    /// How long an engine may think about whether it is alive.
    private static let lookTimeout: Duration = .seconds(2)
    /// How long it may take for one token; a busy one puts the probe behind its other work.
    private static let tokenTimeout: Duration = .seconds(30)
    /// How long weights may take from a card to main memory or back.
    private static let callTimeout: Duration = .seconds(100)
    private static let answerLimit = 1 << 20

    /// Creates a probe.
    public init(http: PlainHTTP) { self.http = http }

    public func isReady(_ endpoint: Endpoint, path: String) async -> Bool {
        let answer = try? await http.get(endpoint, path: path, timeout: Self.lookTimeout, limit: Self.answerLimit)
        return answer?.status == 200
    }

    public func firstToken(_ endpoint: Endpoint, of plan: LaunchPlan, kind: ModelKind) async -> InstanceFailure? {
        // Making something of another kind would cost more than it tells.
        guard let (path, body) = Self.smallestRequest(plan, kind) else { return nil }
        do {
            let answer = try await http.post(
                endpoint,
                path: path,
                json: body,
                timeout: Self.tokenTimeout,
                limit: Self.answerLimit
            )
            guard answer.status != 200 else { return nil }
            let text = String(decoding: answer.body.prefix(500), as: UTF8.self)
            return InstanceFailure(.unresponsive, "The engine answers a first token with \(answer.status): \(text)")
        } catch {
            return InstanceFailure(.unresponsive, "The engine does not give a first token: \(error).")
        }
    }

    public func call(_ endpoint: Endpoint, _ call: ParkingPlan.Call) async -> String? {
        do {
            let answer = try await http.post(
                endpoint,
                path: call.path,
                json: call.body,
                timeout: Self.callTimeout,
                limit: Self.answerLimit
            )
            guard !(200..<300).contains(answer.status) else { return nil }
            return "\(answer.status): \(String(decoding: answer.body.prefix(500), as: UTF8.self))"
        } catch {
            return "\(error)"
        }
    }

    public func text(_ endpoint: Endpoint, path: String) async -> String? {
        let answer = try? await http.get(endpoint, path: path, timeout: Self.lookTimeout, limit: Self.answerLimit)
        guard let answer, answer.status == 200 else { return nil }
        return String(validating: answer.body, as: UTF8.self)
    }

    private static func smallestRequest(_ plan: LaunchPlan, _ kind: ModelKind) -> (String, JSONValue)? {
        let model = plan.servedName
        return switch kind {
        case .language:
            (
                "/v1/chat/completions",
                [
                    "model": .string(model), "max_tokens": 1,
                    "messages": [["role": "user", "content": "hi"]],
                ]
            )
        case .embedding: ("/v1/embeddings", ["model": .string(model), "input": "hi"])
        case .rerank where plan.dialect == .tei: ("/rerank", ["query": "hi", "texts": ["hi"]])
        case .rerank: ("/v1/rerank", ["model": .string(model), "query": "hi", "documents": ["hi"]])
        case .moderation: ("/v1/moderations", ["model": .string(model), "input": "hi"])
        case .image, .speech, .transcription: nil
        }
    }
}
