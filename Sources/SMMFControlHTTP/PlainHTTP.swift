// SPDX-License-Identifier: MIT

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import SMMFCore

/// Calls of servers that are not ours: engines' probes, and the API Server as any client calls it.
public struct PlainHTTP: Sendable {
    private let http: SharedHTTP

    /// Creates a caller.
    public init(http: SharedHTTP) { self.http = http }

    /// A status and a body. Throws when there is no answer within `timeout` or the body is larger than `limit` bytes.
    public func get(
        _ endpoint: Endpoint,
        path: String,
        bearer: String? = nil,
        timeout: Duration,
        limit: Int
    ) async throws -> (status: Int, body: [UInt8]) {
        var request = Self.request(endpoint, path)
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        return try await run(request, timeout: timeout, limit: limit)
    }

    /// Posts JSON, with a bearer token where one is given.
    public func post(
        _ endpoint: Endpoint,
        path: String,
        json: JSONValue,
        bearer: String? = nil,
        timeout: Duration,
        limit: Int
    ) async throws -> (status: Int, body: [UInt8]) {
        try await run(Self.request(endpoint, path, json, bearer), timeout: timeout, limit: limit)
    }

    /// An answer with its fields.
    public struct Answer: Sendable {
        public var status: Int
        /// By names in lower case; of a repeated field the first.
        public var fields: [String: String]
        public var body: [UInt8]
    }

    /// Gets a path, or posts a body of JSON to it, with whole field lines (`name: value` and a line's end) among the own.
    public func call(
        _ endpoint: Endpoint,
        path: String,
        lines: [UInt8] = [],
        body: [UInt8]? = nil,
        timeout: Duration,
        limit: Int
    ) async throws -> Answer {
        var request = Self.request(endpoint, path)
        for line in String(decoding: lines, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            request.headers.replaceOrAdd(name: String(parts[0]), value: String(parts[1].drop { $0 == " " }))
        }
        if let body {
            request.method = .POST
            request.headers.replaceOrAdd(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        let response = try await http.client.execute(request, timeout: TimeAmount(timeout))
        let content = try await response.body.collect(upTo: limit)
        let fields = response.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(
            status: Int(response.status.code),
            fields: Dictionary(fields, uniquingKeysWith: { first, _ in first }),
            body: Array(content.readableBytesView)
        )
    }

    private func run(_ request: HTTPClientRequest, timeout: Duration, limit: Int) async throws -> (
        status: Int, body: [UInt8]
    ) {
        let response = try await http.client.execute(request, timeout: TimeAmount(timeout))
        let body = try await response.body.collect(upTo: limit)
        return (Int(response.status.code), Array(body.readableBytesView))
    }

    /// Posts JSON and hands each `data:` line of the event stream to `onEvent`, which says whether to go on.
    ///
    /// Cancelling the task hangs up at once. Throws ``SMMFError`` with the server's message when it refuses.
    public func stream(
        _ endpoint: Endpoint,
        path: String,
        json: JSONValue,
        bearer: String? = nil,
        timeout: Duration = .seconds(600),
        onEvent: (String) async throws -> Bool
    ) async throws {
        let response: HTTPClientResponse
        do {
            let request = try Self.request(endpoint, path, json, bearer)
            response = try await http.client.execute(request, timeout: TimeAmount(timeout))
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw SMMFError(.unavailable, "\(endpoint) does not answer (\(error)).", blame: .gateway)
        }
        guard response.status == .ok else {
            let body = try await response.body.collect(upTo: 1 << 20)
            throw Self.refusal(Int(response.status.code), Array(body.readableBytesView), from: endpoint)
        }
        var pending: [UInt8] = []
        for try await chunk in response.body {
            pending.append(contentsOf: chunk.readableBytesView)
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                guard line.hasPrefix("data:") else { continue }
                let data = line.dropFirst("data:".count)
                let trimmed = data.first == " " ? data.dropFirst() : data
                guard try await onEvent(String(trimmed.last == "\r" ? trimmed.dropLast() : trimmed)) else { return }
            }
            guard pending.count < 1 << 22 else { throw SMMFError(.upstreamFailed, "An event is larger than 4 MB.") }
        }
    }

    /// The client's own form for a Unix socket has the socket's path where others have the host.
    private static func url(_ endpoint: Endpoint, _ path: String) -> String {
        guard case .unix(let socket) = endpoint.transport else { return endpoint.description + path }
        return "http+unix://\(PercentCoding.encode(socket))\(endpoint.path)\(path)"
    }

    private static func request(_ endpoint: Endpoint, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url(endpoint, path))
        // The client itself names no host to a Unix socket.
        if case .unix = endpoint.transport { request.headers.add(name: "host", value: endpoint.hostField) }
        return request
    }

    private static func request(
        _ endpoint: Endpoint,
        _ path: String,
        _ json: JSONValue,
        _ bearer: String?
    ) throws -> HTTPClientRequest {
        var request = request(endpoint, path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        request.body = .bytes(try ControlJSON.encode(json))
        return request
    }

    /// What an OpenAI-shaped error body says, as an error of ours.
    private static func refusal(_ status: Int, _ body: [UInt8], from endpoint: Endpoint) -> SMMFError {
        let document = try? ControlJSON.decode(JSONValue.self, from: body)
        let message = document?["error"]?["message"]?.text ?? "\(endpoint) answered with status \(status)."
        let code = SMMFError.Code.allCases.first { $0.httpStatus == status } ?? .upstreamFailed
        return SMMFError(code, message)
    }
}
