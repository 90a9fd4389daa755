// SPDX-License-Identifier: MIT

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where the build has put the programs of this package, found from the running test itself.
public enum BuildFolder {
    /// A program that is not where the build should have put it.
    public struct Missing: Error, Sendable, CustomStringConvertible {
        /// The program's name.
        public let name: String
        /// The folders that were looked at.
        public let folders: [String]

        /// What to do about it.
        public var description: String {
            "\(name) is in none of \(folders); build it first: swift build --product \(name)"
        }
    }

    /// The absolute path of the executable `name`; throws ``Missing`` when it has not been built.
    public static func executable(_ name: String) throws(Missing) -> String {
        let folders = candidates
        for folder in folders where access("\(folder)/\(name)", X_OK) == 0 {
            return "\(folder)/\(name)"
        }
        throw Missing(name: name, folders: folders)
    }

    /// The folder of the running program and those above it: a test bundle may be a folder of its own.
    private static var candidates: [String] {
        var folders: [String] = []
        for program in ["/proc/self/exe", CommandLine.arguments[0]] + CommandLine.arguments.filter(isTestBundle) {
            guard let path = realpath(program, nil) else { continue }
            var folder = String(cString: path)
            free(path)
            for _ in 0..<4 {
                guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { break }
                folder = String(folder[..<slash])
                if !folders.contains(folder) { folders.append(folder) }
            }
        }
        return folders
    }

    private static func isTestBundle(_ argument: String) -> Bool { argument.contains(".xctest") }
}
