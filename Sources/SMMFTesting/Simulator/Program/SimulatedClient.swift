// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix

/// A program that asks a simulated engine and prints what it hears, as `ollama list` does.
public struct SimulatedClient: Sendable {
    /// What stands behind the client's own word.
    public let arguments: [String]
    let host: String
    let port: Int
    /// Prints a line.
    let say: @Sendable (String) -> Void

    /// The longest answer that is read.
    private static let limit = 1 << 20

    /// Creates a client of the server at an address.
    public init(arguments: [String], host: String, port: Int, say: @escaping @Sendable (String) -> Void) {
        self.arguments = arguments
        self.host = host
        self.port = port
        self.say = say
    }

    /// The answer to one request on a connection of its own; nil, and a line that says so, without a server.
    func ask(_ method: String, _ path: String, _ body: String = "") async -> (status: Int, body: String)? {
        do {
            let text = try await exchange(
                "\(method) \(path) HTTP/1.0\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            let end = text.firstRange(of: "\r\n\r\n")
            let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            guard let end, let status else { return nil }
            return (status, String(text[end.upperBound...]))
        } catch {
            say("Error: could not connect to ollama server, run 'ollama serve' to start it")
            return nil
        }
    }

    private func exchange(_ request: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(2))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var answer = ByteBuffer()
            for try await part in inbound where answer.readableBytes < Self.limit { answer.writeImmutableBuffer(part) }
            return String(buffer: answer)
        }
    }
}
