// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFProviders
import Testing

@Suite("Base URLs of one's own")
struct ProviderBaseTests {
    @Test(
        "what is no base is refused by its field, without repeating secrets",
        arguments: [
            ("api.example.com/v1", "https:// in front"), ("ftp://h.example", "https:// in front"),
            ("https://user:pass@h.example/v1", "user name or password"),
            ("https://h.example/v1?key=hush", "query"), ("https://", "host"), ("https://h.example:99999", "port"),
            ("https://169.254.169.254/latest", "link-local"), ("http://[fe80::1]/v1", "link-local"),
            ("http://0.0.0.0:80", "no host"), ("http://2852039166/", "no host"), ("http://0x7f.1/", "no host"),
            ("http://[::ffff:169.254.169.254]/", "link-local"), ("", "is empty"),
            ("user:hush@h.example/v1", "user name or password"),
        ]
    )
    func refusals(base: String, words: String) throws {
        let provider = try #require(Providers.named("openai"))
        let spec = ProviderSpec(provider: "openai", base: base)
        let error = try #require(throws: SMMFError.self) { try provider.endpoint(for: spec) }
        #expect(error.field == "base_url")
        #expect(error.message.contains(words), "\(error.message)")
        #expect(!error.description.contains("pass") || !error.description.contains("@"))
        #expect(!error.description.contains("hush"))
    }

    @Test(
        "servers on this machine, in a company's network and on sockets are taken",
        arguments: ["http://127.0.0.1:8080/v1", "http://192.168.1.5:9", "http://[fd00::1]/v1", "unix:///run/m.sock"]
    )
    func own(base: String) throws {
        let provider = try #require(Providers.named("openai"))
        #expect(throws: Never.self) { try provider.endpoint(for: ProviderSpec(provider: "openai", base: base)) }
    }

    @Test(
        "networks are known by their numbers",
        arguments: [
            ("127.0.0.1", NetworkRange.loopback), ("127.9.9.9", .loopback), ("::1", .loopback),
            ("localhost", .loopback),
            ("10.1.2.3", .privateUse), ("172.31.0.1", .privateUse), ("192.168.1.1", .privateUse),
            ("100.64.0.1", .privateUse), ("fd00::1", .privateUse), ("::ffff:10.0.0.1", .privateUse),
            ("64:ff9b::a00:1", .privateUse), ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal),
            ("fe80::1%eth0", .unusable), ("0.0.0.0", .unusable), ("::", .unusable), ("224.0.0.1", .unusable),
            ("255.255.255.255", .unusable), ("ff02::1", .unusable), ("127.1", .unusable), ("0177.0.0.1", .unusable),
            ("8.8.8.8", nil), ("2001:4860:4860::8888", nil), ("api.openai.com", nil), ("172.32.0.1", nil),
            ("h1.example", nil), ("100.63.0.1", nil),
        ] as [(String, NetworkRange?)]
    )
    func networks(host: String, range: NetworkRange?) { #expect(NetworkRange(host: host) == range) }
}
