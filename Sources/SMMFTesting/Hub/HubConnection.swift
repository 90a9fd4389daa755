// SPDX-License-Identifier: MIT

import NIOCore
import NIOHTTP1

/// One connection to a simulated hub or its storage.
final class HubConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let hub: SimulatedHub
    private let isStorage: Bool
    private var head: HTTPRequestHead?

    init(hub: SimulatedHub, isStorage: Bool) {
        self.hub = hub
        self.isStorage = isStorage
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        hub.room.change { $0.channels[ObjectIdentifier(channel)] = channel }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let channel = context.channel
        hub.room.change { $0.channels[ObjectIdentifier(channel)] = nil }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            let fields = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            let request = HubRequest(
                method: head.method.rawValue,
                uri: head.uri,
                fields: fields,
                isToStorage: isStorage
            )
            send(hub.answer(request), isHead: head.method == .HEAD, context)
        }
    }

    private func send(_ answer: HubAnswer, isHead: Bool, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(answer.fields.map { ($0.key, $0.value) })
        headers.add(name: "content-length", value: "\(answer.body.count)")
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        var body = answer.body[...]
        switch answer.fault {
        case .cut(let count), .stall(let count): body = body.prefix(count)
        default: break
        }
        if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
        switch answer.fault {
        case .cut:
            context.flush()
            context.close(promise: nil)
        case .stall: context.flush()
        default: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
