// SPDX-License-Identifier: MIT

/// Why a request or response head was refused.
public enum HeadError: Error, Sendable, Hashable {
    case tooLong(limit: Int)
    case tooManyFields(limit: Int)
    case badStartLine
    case badTarget
    case unsupportedVersion
    case bareLineFeed
    case foldedField
    case spaceBeforeColon
    case badFieldName
    case badFieldValue
    case missingHost
    case repeatedHost
    case badHost
    case hostMismatch
    case badContentLength
    case repeatedContentLength
    case lengthAndChunked
    case repeatedTransferEncoding
    case badTransferEncoding
    case unsupportedTransferCoding
    case transferCodingInOldVersion
    case unsupportedExpectation

    /// The status of the answer to a client that sent it.
    public var status: Int {
        switch self {
        case .tooLong, .tooManyFields: 431
        case .unsupportedVersion: 505
        case .unsupportedTransferCoding: 501
        case .unsupportedExpectation: 417
        default: 400
        }
    }

    /// One sentence for a person.
    public var message: String {
        switch self {
        case .tooLong(let limit): "The head is longer than \(limit) bytes."
        case .tooManyFields(let limit): "The head has more than \(limit) fields."
        case .badStartLine: "The first line is not HTTP/1.1."
        case .badTarget: "The request target is malformed."
        case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .bareLineFeed: "A line of the head ends without a carriage return."
        case .foldedField: "A header field is folded over several lines."
        case .spaceBeforeColon: "A header field has a space before its colon."
        case .badFieldName: "A header field's name has a character that is not allowed."
        case .badFieldValue: "A header field's value has a control character."
        case .missingHost: "The Host header is missing."
        case .repeatedHost: "The Host header is repeated."
        case .badHost: "The Host header is no host and port."
        case .hostMismatch: "The Host header names another host than the request target."
        case .badContentLength: "Content-Length is not a decimal number."
        case .repeatedContentLength: "Content-Length is repeated."
        case .lengthAndChunked: "Content-Length and Transfer-Encoding stand in one head."
        case .repeatedTransferEncoding: "Transfer-Encoding is repeated."
        case .badTransferEncoding: "Transfer-Encoding does not end in chunked, or names it twice."
        case .unsupportedTransferCoding: "The only transfer coding spoken here is chunked."
        case .transferCodingInOldVersion: "HTTP/1.0 has no Transfer-Encoding."
        case .unsupportedExpectation: "The only expectation met here is 100-continue."
        }
    }
}
