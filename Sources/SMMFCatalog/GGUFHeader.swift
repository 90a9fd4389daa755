// SPDX-License-Identifier: MIT

/// The shape of a model, from the beginning of its GGUF file (the format's specification in ggml's docs/gguf.md). What is
/// cut off or makes no sense ends the reading; it never fails.
public struct GGUFHeader: Sendable, Hashable {
    /// Nil where the file does not tell.
    public private(set) var shape: CatalogModel.Shape?
    /// Tokens in one request at the most; nil where the file does not tell.
    public private(set) var context: Int?

    private enum Value {
        case number(Int)
        case text(String)
        case other
    }

    /// Members that a file may have; more are not read.
    private static let memberLimit = 10_000
    private static let textLimit = 1 << 16

    /// Reads the first bytes of a file; nil when it is no GGUF file.
    public init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard rest.starts(with: Array("GGUF".utf8)) else { return nil }
        rest = rest.dropFirst(4)
        guard let version = Self.integer(&rest, 4), version >= 2, Self.integer(&rest, 8) != nil,
            let count = Self.integer(&rest, 8)
        else { return nil }
        var members: [String: Value] = [:]
        for _ in 0..<min(count, Self.memberLimit) {
            guard let name = Self.text(&rest), let type = Self.integer(&rest, 4), let value = Self.value(&rest, type)
            else { break }
            members[name] = value
        }
        guard case .text(let architecture)? = members["general.architecture"] else { return }
        func number(_ name: String) -> Int? {
            guard case .number(let number)? = members["\(architecture).\(name)"], (1...1 << 24).contains(number) else {
                return nil
            }
            return number
        }
        context = number("context_length")
        guard let layers = number("block_count"), let heads = number("attention.head_count") else { return }
        guard let headSize = number("attention.key_length") ?? number("embedding_length").map({ $0 / heads }) else {
            return
        }
        shape = CatalogModel.Shape(
            layers: layers,
            heads: number("attention.head_count_kv") ?? heads,
            headSize: headSize
        )
    }

    private static func integer(_ rest: inout ArraySlice<UInt8>, _ size: Int) -> Int? {
        guard rest.count >= size else { return nil }
        let number = rest.prefix(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(size)
        return Int(exactly: number)
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let length = integer(&rest, 8), length <= textLimit, rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return String(decoding: rest.prefix(length), as: UTF8.self)
    }

    /// Bytes of the types that have a size of their own, by the type's number.
    private static let sizes = [0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8]
    private static let textType = 8
    private static let listType = 9
    private static let floats: Set<Int> = [6, 12]

    private static func value(_ rest: inout ArraySlice<UInt8>, _ type: Int) -> Value? {
        if let size = sizes[type] {
            guard rest.count >= size else { return nil }
            guard !floats.contains(type), let number = integer(&rest, size) else {
                rest = rest.dropFirst(floats.contains(type) ? size : 0)
                return .other
            }
            return .number(number)
        }
        if type == textType { return text(&rest).map { .text($0) } }
        guard type == listType else { return nil }
        return list(&rest)
    }

    /// A list counts as its greatest number: that is how a model tells of layers that differ.
    private static func list(_ rest: inout ArraySlice<UInt8>) -> Value? {
        guard let type = integer(&rest, 4), let count = integer(&rest, 8) else { return nil }
        if let size = sizes[type] {
            guard count <= rest.count / size else { return nil }
            guard !floats.contains(type), count <= memberLimit else {
                rest = rest.dropFirst(size * count)
                return .other
            }
            var most = 0
            for _ in 0..<count { most = max(most, integer(&rest, size) ?? 0) }
            return .number(most)
        }
        guard type == textType else { return nil }
        for _ in 0..<count {
            guard text(&rest) != nil else { return nil }
        }
        return .other
    }
}
