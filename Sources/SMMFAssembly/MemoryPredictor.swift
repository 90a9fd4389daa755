// SPDX-License-Identifier: MIT

import SMMFCatalog
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// What a model will take before anybody has measured it: from the sizes of its files where they are on this machine, or
/// from the catalog where its source has a name there.
enum MemoryPredictor {
    /// As much of a GGUF file as has its shape, which stands before the long list of its words.
    private static let headerSize = 256 << 10
    private static let configSize = 1 << 20
    private static let fileLimit = 10_000

    /// Bytes of memory for one instance; nil when neither files nor catalog tell.
    @Sendable
    static func bytes(of spec: EngineSpec) -> Int? {
        if let here = files(of: spec.source), here.weights > 0 {
            let context = spec.context ?? here.context ?? 0
            let estimate = MemoryEstimate(
                weights: here.weights,
                shape: here.shape,
                context: context,
                parallel: spec.parallel ?? 1
            )
            return estimate.total
        }
        guard let model = Catalog.models.first(where: { $0.huggingFace == spec.source || $0.modelScope == spec.source })
        else { return nil }
        // Engines other than llama.cpp share what is left of their memory among requests.
        let context = min(spec.context ?? model.context, model.context)
        return MemoryEstimate(model, .published, context: context, parallel: 1).total
    }

    private struct Files {
        var weights = 0
        var shape: CatalogModel.Shape?
        var context: Int?
    }

    private static func files(of source: String) -> Files? {
        guard !source.isEmpty else { return nil }
        let manager = FileManager.default
        guard manager.fileExists(atPath: source) else { return nil }
        guard isFolder(source) else { return file(source) }
        let names = ((try? manager.contentsOfDirectory(atPath: source)) ?? []).sorted().prefix(fileLimit)
        var files = Files()
        // The same weights may stand there in several forms, and an engine reads one of them.
        for ending in [".safetensors", ".gguf", ".bin"] {
            let weights = names.filter { $0.hasSuffix(ending) }.map { "\(source)/\($0)" }
            files.weights = weights.reduce(0) { $0 + size($1) }
            guard files.weights > 0 else { continue }
            if ending == ".gguf" { return weights.first.flatMap { file($0, all: files.weights) } }
            break
        }
        if let bytes = beginning(of: "\(source)/config.json", configSize),
            let document = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        {
            let config = ModelConfig(document)
            files.shape = config.shape
            files.context = config.context
        }
        return files
    }

    /// A single file, with the others where it is the first of several (`…-00001-of-00003.gguf`).
    private static func file(_ path: String, all: Int? = nil) -> Files {
        var files = Files(weights: all ?? size(path))
        if all == nil, let parts = parts(of: path) { files.weights = parts.reduce(0) { $0 + size($1) } }
        if let header = beginning(of: path, headerSize).flatMap({ GGUFHeader($0) }) {
            files.shape = header.shape
            files.context = header.context
        }
        return files
    }

    private static func parts(of path: String) -> [String]? {
        let mark = "-00001-of-"
        guard let range = path.firstRange(of: mark) else { return nil }
        let rest = path[range.upperBound...]
        guard let count = Int(rest.prefix(5)), (1...fileLimit).contains(count) else { return nil }
        return (1...count).map { number in
            let digits = String(number)
            return path[..<range.lowerBound] + "-" + String(repeating: "0", count: 5 - digits.count) + digits + "-of-"
                + rest
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        #if canImport(FoundationEssentials)
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
        #else
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
        #endif
    }

    /// Follows links: repositories in Hugging Face's cache are folders of them.
    private static func size(_ path: String) -> Int {
        guard !isFolder(path), let file = open(path) else { return 0 }
        defer { try? file.close() }
        let size = (try? file.seek(offset: 0, from: .end)) ?? 0
        return Int(min(max(0, size), 1 << 50))
    }

    /// A source may name anything, and a pipe would make us wait for its writer.
    private static func open(_ path: String) -> FileDescriptor? {
        try? FileDescriptor.open(FilePath(path), .readOnly, options: [.nonBlocking, .closeOnExec])
    }

    private static func beginning(of path: String, _ count: Int) -> [UInt8]? {
        guard let file = open(path) else { return nil }
        defer { try? file.close() }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = 0
            while used < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[used...])
                guard let read = try? file.read(into: rest) else {
                    failed = true
                    return
                }
                if read == 0 { return }
                used += read
            }
        }
        return failed ? nil : bytes
    }
}
