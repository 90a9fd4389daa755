// SPDX-License-Identifier: MIT

import SMMFTesting
import Subprocess
import Testing

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// What Python's JSON reader makes of a document; `Tests/Clients/strict_json.py` says how it is made strict.
struct StrictJSON {
    let isValid: Bool
    /// The last member `model` of the document, when it is a string.
    let model: String?
    let streams: Bool

    /// Reads many documents in one process.
    static func read(_ documents: [[UInt8]]) async throws -> [StrictJSON] {
        let folder = try TemporaryFolder()
        let lines = documents.map { $0.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
        let file = try folder.write(lines.joined(separator: "\n") + "\n", to: "documents")
        let script = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
            separator: "/"
        )
        let result = try await run(
            .name("python3"),
            arguments: ["\(script)/Clients/strict_json.py", file],
            output: .string(limit: 64 << 20),
            error: .string(limit: 1 << 20)
        )
        let output = result.standardOutput
        let read = output.split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            let model = parts[1] == "-" ? nil : String(decoding: Self.bytes(parts[1].dropFirst()), as: UTF8.self)
            return StrictJSON(isValid: parts[0] == "valid", model: model, streams: parts[2] == "stream")
        }
        try #require(read.count == documents.count, "\(result.standardError)")
        return read
    }

    private static func bytes(_ digits: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = digits.utf8[...]
        while rest.count >= 2 {
            let pair = String(decoding: rest.prefix(2), as: UTF8.self)
            bytes.append(UInt8(pair, radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
