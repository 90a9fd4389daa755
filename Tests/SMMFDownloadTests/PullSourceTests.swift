// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFDownload

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What a source says")
struct PullSourceTests {
    @Test("repositories, revisions, files and addresses are read")
    func reads() throws {
        let plain = try PullSource("hf:Qwen/Qwen3-8B")
        #expect(plain.place == .repository(.huggingFace, name: "Qwen/Qwen3-8B", revision: nil) && plain.files == nil)
        let whole = try PullSource("ms:a/b@v1.0/x:*Q4_K_M*.gguf")
        #expect(whole.place == .repository(.modelScope, name: "a/b", revision: "v1.0/x"))
        #expect(whole.files == "*Q4_K_M*.gguf" && whole.description == "ms:a/b@v1.0/x")
        let address = try PullSource(
            "https://u:p@host:8443/x/m%20a.gguf?sig=secret#sha256=" + String(repeating: "0", count: 64)
        )
        #expect(address.description == "https://host:8443/x/m a.gguf")
        #expect(address.digest == .sha256(String(repeating: "0", count: 64)))
    }

    @Test(
        "what is no source is refused with the form",
        arguments: [
            "hf:", "hf:a", "hf:a/b/c", "hf:../b", "hf:a/..", "hf:a/b@", "hf:a/b@../x", "hf:a/b@x//y", "hf:a/b:",
            "xx:a/b",
            "hf:a/b c", "ftp://host/x", "https://", "https://host", "https://host/x#sha256=12",
            "https://host/x#md5=1",
        ]
    )
    func refuses(text: String) {
        let error = #expect(throws: SMMFError.self) { try PullSource(text) }
        #expect(error?.message.isEmpty == false)
    }

    @Test(
        "a path that leads elsewhere is refused, whatever it looks like",
        arguments: [
            "../x", "a/../b", "/etc/x", "a//b", "", ".", "a/./b", "a\\b", "a\u{0}b", "a\nb", ".smmf/pull.json",
            "../\u{301}x/y", ".smmf/\u{301}x", ".SMMF/pull.json",
        ]
    )
    func paths(path: String) {
        let error = #expect(throws: SMMFError.self) { try HubFile(path: path, size: 1, digest: nil) }
        #expect(error?.message.contains("may not be written") == true)
    }

    @Test("a redirect keeps the token at home and encryption on")
    func redirects() throws {
        let home = try #require(URL(string: "https://hub.example/a/b?x=1"))
        #expect(try Redirect("/c", from: home).staysAtHome)
        #expect(try Redirect("https://hub.example:443/c", from: home).staysAtHome)
        #expect(try !Redirect("https://cdn.example/c", from: home).staysAtHome)
        #expect(try !Redirect("https://hub.example:8443/c", from: home).staysAtHome)
        for bad in ["http://hub.example/c", "ftp://hub.example/c", "https://", nil] {
            #expect(throws: SMMFError.self) { try Redirect(bad, from: home) }
        }
    }
}
