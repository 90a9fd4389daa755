// SPDX-License-Identifier: MIT

/// Why a body's framing was refused.
public enum BodyError: Error, Sendable, Hashable {
    case badChunkSize
    case badChunkExtension
    case badChunkEnd
    case badTrailer
    case overheadTooLong(limit: Int)

    /// One sentence for a person.
    public var message: String {
        switch self {
        case .badChunkSize: "A chunk's size is not a hexadecimal number."
        case .badChunkExtension: "A chunk's extension has a character that is not allowed."
        case .badChunkEnd: "A chunk does not end where its size says."
        case .badTrailer: "The trailer has a character that is not allowed."
        case .overheadTooLong(let limit): "Chunk extensions and trailer are longer than \(limit) bytes."
        }
    }
}
