// SPDX-License-Identifier: MIT

import Logging
import SMMFCore
import SMMFGateway
import SMMFTesting
import Testing

@testable import SMMFRelay

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AccessLogWriterTests {
    private static let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    private static func batch(_ text: String) -> AccessLog.Batch {
        AccessLog.Batch(bytes: Array(text.utf8), lines: text.utf8.count { $0 == 10 })
    }

    private static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func linesAreAppendedAndAMovedFileIsLetGo() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/access.jsonl"
        let writer = try AccessLogWriter(AccessLogTarget(path: path), logger: Self.logger)
        writer.log.put(Self.batch("a\nb\n"))
        try await eventually("the lines are written") { writer.log.counts.written == 2 }
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        writer.log.put(Self.batch("c\n"))
        try await eventually("the line is written") { writer.log.counts.written == 3 }
        #expect(try Self.text(path) == "c\n" && Self.text(path + ".1") == "a\nb\n")
        writer.log.put(Self.batch("d\n"))
        await writer.end()
        #expect(try Self.text(path) == "c\nd\n")
        let again = try AccessLogWriter(AccessLogTarget(path: path), logger: Self.logger)
        again.log.put(Self.batch("e\n"))
        await again.end()
        #expect(try Self.text(path) == "c\nd\ne\n")
    }

    #if os(Linux)
    @Test func aFullDiskCostsLinesAndNothingElse() async throws {
        let writer = try AccessLogWriter(AccessLogTarget(path: "/dev/full"), logger: Self.logger)
        for _ in 0..<3 { writer.log.put(Self.batch("a\nb\n")) }
        try await eventually("the lines are given up") { writer.log.counts.dropped == 6 }
        await writer.end()
        #expect(writer.log.counts == AccessLog.Counts(written: 0, dropped: 6))
    }
    #endif

    @Test func aPathThatCannotBeOpenedIsAnErrorWithItsName() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/none/access.jsonl"
        let error = try #require(throws: SMMFError.self) {
            _ = try AccessLogWriter(AccessLogTarget(path: path), logger: Self.logger)
        }
        #expect(error.field == "server.access_log.path" && error.message.contains(path))
    }
}
