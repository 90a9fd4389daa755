// SPDX-License-Identifier: MIT

/// Writes JSON strings; the rest of the simulator's JSON is written as text.
enum SimulatorJSON {
    /// `text` in quotes, with what JSON wants escaped.
    static func quote(_ text: some StringProtocol) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// The error object of the dialect.
    static func error(_ status: Int, _ message: String, dialect: SimulatorDialect) -> String {
        switch dialect {
        case .llamaCpp:
            #"{"error":{"code":\#(status),"message":\#(quote(message)),"type":"\#(llamaType(status))"}}"#
        case .vllm:
            #"{"error":{"message":\#(quote(message)),"type":"\#(vllmType(status))","param":null,"code":\#(status)}}"#
        }
    }

    private static func llamaType(_ status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 404: "not_found_error"
        case 400..<500: "invalid_request_error"
        case 501: "not_supported_error"
        case 503: "unavailable_error"
        default: "server_error"
        }
    }

    private static func vllmType(_ status: Int) -> String {
        switch status {
        case 404: "NotFoundError"
        case 400..<500: "BadRequestError"
        case 503: "ServiceUnavailableError"
        default: "InternalServerError"
        }
    }
}
