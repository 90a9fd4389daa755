// SPDX-License-Identifier: MIT

/// The vectors of a request's inputs, in their order.
public struct EmbeddingAnswer: Sendable, Hashable {
    public var model: String?
    public let vectors: [[Float]]
    public var usage: TokenUsage?

    /// Creates an answer; throws when there is not one vector for each of so many inputs.
    public init(model: String? = nil, vectors: [[Float]], inputs: Int, usage: TokenUsage? = nil) throws(NeutralError) {
        guard vectors.count == inputs else {
            throw .unreadable("it has \(vectors.count) vectors for \(inputs) inputs")
        }
        self.model = model
        self.vectors = vectors
        self.usage = usage
    }

    /// Reads one vector: numbers, or base64 of little-endian floats.
    static func vector(_ tree: JSONTree?) throws(NeutralError) -> [Float] {
        if let text = tree?.string {
            guard let bytes = Base64.bytes(text), bytes.count % 4 == 0 else {
                throw .unreadable("an embedding is no base64 of floats")
            }
            return stride(from: 0, to: bytes.count, by: 4).map { place in
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
                return Float(bitPattern: bits)
            }
        }
        guard let list = tree?.array else { throw .unreadable("an embedding is missing") }
        var vector: [Float] = []
        vector.reserveCapacity(list.count)
        for element in list {
            guard case .number(let text) = element, let value = Float(text) else {
                throw .unreadable("an embedding holds what is no number")
            }
            vector.append(value)
        }
        return vector
    }

    /// Vectors as numbers.
    static func numbers(_ vector: [Float]) -> JSONTree {
        .array(vector.map { $0.isFinite ? .number("\($0)") : .null })
    }

    /// Vectors as base64 of little-endian floats.
    static func base64(_ vector: [Float]) -> JSONTree {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(vector.count * 4)
        for value in vector {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
            }
        }
        return .string(Base64.text(bytes))
    }
}
