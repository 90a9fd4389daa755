// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct TemporaryFolderTests {
    @Test func `it is there while it is held, and gone with all in it afterwards`() throws {
        var folder: TemporaryFolder? = try TemporaryFolder()
        let path = try #require(folder?.path)
        let file = try #require(try folder?.write("text", to: "deep/er/file.txt"))
        #expect(file == "\(path)/deep/er/file.txt")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "text")
        #expect(!path.hasSuffix("/"))
        folder = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `two folders are two`() throws {
        let one = try TemporaryFolder()
        let two = try TemporaryFolder()
        #expect(one.path != two.path)
        #expect(FileManager.default.fileExists(atPath: one.path))
    }
}
