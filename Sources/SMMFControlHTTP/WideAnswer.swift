// SPDX-License-Identifier: MIT

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SMMFCore

/// The answer to a download: its head is here, its body is read once.
public struct WideAnswer: Sendable {
    private let host: String
    private let response: HTTPClientResponse

    init(host: String, response: HTTPClientResponse) {
        self.host = host
        self.response = response
    }

    public var status: Int { Int(response.status.code) }

    /// The first header field of a name, whatever its case.
    public func field(_ name: String) -> String? { response.headers.first(name: name) }

    /// Hands on each piece of the body as it comes; `onBytes` says whether to go on.
    ///
    /// Throws what `onBytes` throws, and ``SMMFError`` `unavailable` when the connection ends before the body does.
    public func read(_ onBytes: (UnsafeRawBufferPointer) throws -> Bool) async throws {
        var iterator = response.body.makeAsyncIterator()
        while let piece = try await next(&iterator) {
            guard try piece.withUnsafeReadableBytes(onBytes) else { return }
        }
    }

    /// The whole body; throws ``SMMFError`` when it is larger than `limit` bytes or does not come whole.
    public func bytes(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await read { piece in
            guard bytes.count + piece.count <= limit else {
                throw SMMFError(.tooLarge, "The answer of \(host) is larger than \(limit) bytes.", blame: .provider)
            }
            bytes += piece
            return true
        }
        return bytes
    }

    private func next(_ iterator: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await iterator.next()
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw SMMFError(.unavailable, "The connection to \(host) broke (\(error)).", blame: .provider)
        }
    }
}
