// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of one pulled model: its files as engines read them, and beside them what SMMF keeps of it.
struct ModelFolder: Sendable, Hashable {
    let path: String

    /// SMMF's own folder within a model's.
    static let own = ".smmf"

    private var record: String { "\(path)/\(Self.own)/pull.json" }

    /// Where a file of the model is.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Where a file is until it is whole, and beside it what is there of it.
    func part(_ name: String) -> (data: String, plan: String) {
        // Names of parts must neither meet nor grow too long.
        let name = Hashes.shortName(of: name)
        return ("\(path)/\(Self.own)/\(name).part", "\(path)/\(Self.own)/\(name).json")
    }

    /// What was pulled; nil when nothing was, or what stands there cannot be read.
    func read() -> PullRecord? {
        guard let data = FileManager.default.contents(atPath: record) else { return nil }
        return try? JSONDecoder().decode(PullRecord.self, from: data)
    }

    func write(_ pulled: PullRecord) throws(SMMFError) {
        try writing(record) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            try encoder.encode(pulled).write(to: URL(filePath: record), options: .atomic)
        }
    }

    /// Makes the folder, and with it SMMF's own.
    func make() throws(SMMFError) { try makeFolder("\(path)/\(Self.own)") }

    /// Makes the folder that a file stands in.
    func makeFolder(of name: String) throws(SMMFError) {
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
        try makeFolder("\(path)/\(name[..<slash])")
    }

    private func makeFolder(_ folder: String) throws(SMMFError) {
        try writing(folder) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    /// The plan that stands beside a part; nil where there is none or no part.
    func plan(_ name: String) -> FilePlan? {
        let part = part(name)
        guard FileManager.default.fileExists(atPath: part.data),
            let data = FileManager.default.contents(atPath: part.plan)
        else { return nil }
        return try? JSONDecoder().decode(FilePlan.self, from: data)
    }

    /// Keeps a plan beside its part. It is written after the bytes that it tells of, so that it never tells of too many.
    func keep(_ plan: FilePlan) throws(SMMFError) {
        let place = part(plan.path).plan
        try writing(place) { try JSONEncoder().encode(plan).write(to: URL(filePath: place), options: .atomic) }
    }

    /// Removes a part and its plan.
    func drop(_ name: String) {
        let part = part(name)
        try? FileManager.default.removeItem(atPath: part.plan)
        try? FileManager.default.removeItem(atPath: part.data)
    }

    /// Puts a part that is whole where engines look for the file.
    func publish(_ name: String) throws(SMMFError) {
        try makeFolder(of: name)
        let part = part(name)
        try Disk.move(part.data, to: file(name))
        try? FileManager.default.removeItem(atPath: part.plan)
    }

    /// Bytes of a file that is there; nil when it is not.
    func size(_ name: String) -> Int? { Disk.size(of: file(name)) }

    private func writing(_ place: String, _ body: () throws -> Void) throws(SMMFError) {
        do {
            try body()
        } catch {
            throw SMMFError(
                .storage,
                "\(place) cannot be written: \(error)",
                nextStep: "Check its permissions and the free space."
            )
        }
    }
}
