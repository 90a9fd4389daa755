// SPDX-License-Identifier: MIT

import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// Certificates for tests of TLS, made by `tools/test-certificates` in a folder of their own: `server` (localhost and
/// 127.0.0.1), `second`, `client`, `expired` and `elsewhere` of the authority `ca`, and `stranger` of another one.
public struct TestCertificates: Sendable {
    /// The certificates could not be made.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Where the files are.
    public let folder: TemporaryFolder

    /// Makes new ones; needs the program `openssl`.
    public init() async throws {
        let folder = try TemporaryFolder()
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let result = try await Subprocess.run(
            .path(FilePath("\(root)/tools/test-certificates")),
            arguments: [folder.path],
            output: .discarded,
            error: .string(limit: 65_536)
        )
        guard case .exited(0) = result.terminationStatus else {
            throw Failure(description: "tools/test-certificates: \(result.standardError)")
        }
        self.folder = folder
    }

    /// The path of a certificate.
    public func certificate(_ name: String) -> String { folder.file("\(name).pem") }

    /// The path of a certificate's private key.
    public func key(_ name: String) -> String { folder.file("\(name).key") }
}
