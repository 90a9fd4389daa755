// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of the instances' log files, with a bound on how many instances it remembers.
struct LogFolder: Sendable {
    /// Logs of instances that are kept, beside those in use.
    private static let kept = 100

    let path: String

    /// The file for an instance; the id may hold anything, the name only what every file system takes.
    func file(for id: InstanceID) -> String {
        let name = String(id.text.prefix(120).map { Self.isPlain($0) ? $0 : "-" })
        return "\(path)/\(name.hasPrefix(".") ? "-" + name.dropFirst() : name).log"
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == ".")
    }

    /// Makes the folder when it is not there. Without it, logs are kept in memory alone.
    func create() {
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Removes the oldest files beyond the bound, sparing those in use.
    func prune(sparing inUse: Set<String>) {
        let manager = FileManager.default
        let names = (try? manager.contentsOfDirectory(atPath: path)) ?? []
        let old = names.filter { $0.hasSuffix(".log") }.map { "\(path)/\($0)" }.filter { !inUse.contains($0) }
        guard old.count > Self.kept else { return }
        let dated = old.map { file -> (date: Date, file: String) in
            let attributes = try? manager.attributesOfItem(atPath: file)
            return (attributes?[.modificationDate] as? Date ?? .distantPast, file)
        }
        for (_, file) in dated.sorted(by: { $0.date < $1.date }).prefix(old.count - Self.kept) {
            try? manager.removeItem(atPath: file)
            try? manager.removeItem(atPath: file + ".1")
        }
    }
}
