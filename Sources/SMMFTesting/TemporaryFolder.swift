// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A new folder that is removed, with all in it, when its owner lets go of it.
public final class TemporaryFolder: Sendable {
    /// The absolute path, without a slash at the end.
    public let path: String

    /// Creates the folder under the system's temporary directory; throws what the file system says.
    public init() throws {
        let parent = FileManager.default.temporaryDirectory
        let folder = parent.appendingPathComponent("smmf-test-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path(percentEncoded: false).trimmingTrailingSlash()
    }

    deinit {
        // A folder that is gone already is what was wanted.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name` inside the folder; nothing is created.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into the folder and returns its path; folders on the way are created.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let target = file(name)
        let parent = String(target[..<(target.lastIndex(of: "/") ?? target.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: target))
        return target
    }
}

extension String {
    fileprivate func trimmingTrailingSlash() -> String {
        count > 1 && hasSuffix("/") ? String(dropLast()) : self
    }
}
