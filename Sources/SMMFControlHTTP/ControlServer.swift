// SPDX-License-Identifier: MIT

import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
public import SMMFCore
public import ServiceLifecycle

/// A control API: routes as data, served by Hummingbird, with one error body and one key for all of them.
public struct ControlServer: Service {
    private let routes: [ControlRoute]
    private let address: ListenAddress
    private let token: String?
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// The largest body a control API takes, in bytes; the cards of as many keys as there may be fit into it.
    public static let bodyLimit = 8 << 20

    /// Creates a server; `onListening` gets the port once it accepts connections.
    ///
    /// `token`, when set, is asked of every request as a bearer token.
    public init(
        routes: [ControlRoute],
        address: ListenAddress,
        token: String?,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.routes = routes
        self.address = address
        self.token = token
        self.logger = logger
        self.onListening = onListening
    }

    public func run() async throws {
        let router = Router()
        router.add(middleware: ErrorBodyMiddleware())
        if let token { router.add(middleware: TokenMiddleware(token: token)) }
        for route in routes { add(route, to: router) }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(address.host, port: address.port), reuseAddress: true),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? address.port) },
            logger: logger
        )
        do {
            try await application.run()
        } catch let error as IOError {
            throw SMMFError(
                .configuration,
                "The address \(address) cannot be listened on: \(error).",
                field: "server",
                nextStep: "End the program that holds the port, or choose another address."
            )
        }
    }

    private func add(_ route: ControlRoute, to router: Router<BasicRequestContext>) {
        guard let method = HTTPRequest.Method(rawValue: route.method.rawValue) else { return }
        router.on(RouterPath(route.path), method: method) { request, context in
            let buffer = try await request.body.collect(upTo: Self.bodyLimit)
            var parameters: [String: String] = [:]
            for name in route.parameters {
                parameters[name] = context.parameters.get(name).map { PercentCoding.decode($0) }
            }
            var query: [String: String] = [:]
            for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
            let answer = try await route.handler(
                ControlRequest(parameters: parameters, query: query, body: Array(buffer.readableBytesView))
            )
            return Self.response(answer)
        }
    }

    static func response(_ answer: ControlAnswer) -> Response {
        var headers = HTTPFields()
        if !answer.contentType.isEmpty { headers[.contentType] = answer.contentType }
        return Response(
            status: HTTPResponse.Status(code: answer.status),
            headers: headers,
            body: answer.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }
}

/// Turns every error into the one body that all control APIs use.
private struct ErrorBodyMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let described = Self.describe(error)
            let answer = try ControlAnswer.json(ControlErrorBody(error: described), status: described.code.httpStatus)
            return ControlServer.response(answer)
        }
    }

    private static func describe(_ error: any Error) -> SMMFError {
        if let error = error as? SMMFError { return error }
        if let error = error as? any HTTPResponseError {
            switch error.status.code {
            case 404: return SMMFError(.notFound, "There is nothing at this path; /openapi.json lists what there is.")
            case 413: return SMMFError(.tooLarge, "The body is larger than \(ControlServer.bodyLimit) bytes.")
            default: return SMMFError(.invalidRequest, "The request is not understood (\(error.status)).")
            }
        }
        return SMMFError(.internal, "\(error)")
    }
}

/// Lets only requests with the right bearer token pass.
private struct TokenMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let token: String

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard ConstantTime.areEqual(request.headers[.authorization] ?? "", "Bearer \(token)") else {
            throw SMMFError(
                .unauthorized,
                "This control API asks for its token.",
                nextStep: "Send it as Authorization: Bearer TOKEN, or set SMMF_TOKEN for the command line."
            )
        }
        return try await next(request, context)
    }
}
