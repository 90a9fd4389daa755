// SPDX-License-Identifier: MIT

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import SMMFCore

/// Calls control APIs: JSON in, JSON out, the server's ``SMMFError`` thrown as it is.
public struct ControlClient: Sendable {
    public let base: Endpoint
    private let token: String?
    private let http: SharedHTTP

    /// The most bytes read of an answer.
    static let answerLimit = 64 << 20

    /// Creates a client of the API at `base`.
    public init(base: Endpoint, token: String? = nil, http: SharedHTTP) {
        self.base = base
        self.token = token
        self.http = http
    }

    /// Calls and reads a value. `path` starts with a slash and is escaped already.
    public func call<Answer: Decodable>(
        _ method: ControlRoute.Method,
        _ path: String,
        body: (some Encodable)? = nil as Never?,
        timeout: Duration = .seconds(10)
    ) async throws -> Answer {
        let answer = try await bytes(method, path, body: body, timeout: timeout)
        return try ControlJSON.decode(Answer.self, from: answer, takingMasks: true)
    }

    /// Calls and drops the answer's body.
    public func send(
        _ method: ControlRoute.Method,
        _ path: String,
        body: (some Encodable)? = nil as Never?,
        timeout: Duration = .seconds(10)
    ) async throws {
        _ = try await bytes(method, path, body: body, timeout: timeout)
    }

    /// Calls and returns the answer's body as it came.
    public func bytes(
        _ method: ControlRoute.Method,
        _ path: String,
        body: (some Encodable)? = nil as Never?,
        timeout: Duration = .seconds(10)
    ) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: base.description + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(try ControlJSON.encode(body, revealing: true))
        }
        let response: HTTPClientResponse
        let received: ByteBuffer
        do {
            response = try await http.client.execute(request, timeout: TimeAmount(timeout))
            received = try await response.body.collect(upTo: Self.answerLimit)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SMMFError(.unavailable, "\(base) does not answer (\(error)).", blame: .gateway)
        }
        let content = Array(received.readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            if let known = try? ControlJSON.decode(ControlErrorBody.self, from: content) { throw known.error }
            throw SMMFError(.upstreamFailed, "\(base)\(path) answered with status \(response.status.code).")
        }
        return content
    }
}
