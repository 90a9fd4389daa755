// SPDX-License-Identifier: MIT

/// Why a body's framing was refused.
public enum BodyError: Error, Sendable, Hashable {
    case badChunkSize
    case badChunkExtension
    case badChunkEnd
    case badTrailer
    case framingInTrailer
    case overheadTooLong(limit: Int)

    /// One sentence for a person.
    public var message: String {
        switch self {
        case .badChunkSize: "A chunk's size is not a hexadecimal number."
        case .badChunkExtension: "A chunk's extension is malformed."
        case .badChunkEnd: "A chunk does not end where its size says."
        case .badTrailer: "The trailer has a line that is no header field."
        case .framingInTrailer: "The trailer has Content-Length or Transfer-Encoding, which belong into the head."
        case .overheadTooLong(let limit): "Chunk extensions and trailer are longer than \(limit) bytes."
        }
    }
}
