// SPDX-License-Identifier: MIT

/// The head of a simulated response and how its body is framed.
struct SimulatorHead {
    enum Body: Equatable {
        case chunked
        case length(Int)
        case untilClose
    }

    var status = 200
    var contentType = "application/json; charset=utf-8"
    var body: Body
    var closes = false
    var isHTTP10 = false
    var extra: [(name: String, value: String)] = []
    /// Padded to this size.
    var leastBytes = 0
    var dialect = SimulatorDialect.llamaCpp

    var bytes: [UInt8] {
        var lines = ["HTTP/1.\(isHTTP10 ? 0 : 1) \(status) \(Self.reason(status))"]
        lines.append("content-type: \(contentType)")
        lines += dialect.head
        switch body {
        case .chunked: lines.append("transfer-encoding: chunked")
        case .length(let length): lines.append("content-length: \(length)")
        case .untilClose: break
        }
        if closes {
            lines.append("connection: close")
        } else {
            lines += dialect.openHead
        }
        lines += extra.map { "\($0.name): \($0.value)" }
        let size = lines.reduce(2) { $0 + $1.utf8.count + 2 }
        let padding = "x-sim-padding: "
        if size < leastBytes {
            let filler = max(1, leastBytes - size - padding.utf8.count - 2)
            lines.append(padding + String(repeating: "a", count: filler))
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 422: "Unprocessable Entity"
        case 424: "Failed Dependency"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
