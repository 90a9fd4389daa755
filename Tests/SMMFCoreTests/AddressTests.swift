// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(
        "endpoints are read, and written as they are read",
        arguments: [
            ("http://h", "http://h:80", "h:80"),
            ("http://h:9/a/v1/", "http://h:9/a", "h:9"),
            ("https://h", "https://h:443", "h"),
            ("https://h:8443/v1", "https://h:8443", "h:8443"),
            ("https://[::1]/x", "https://[::1]:443/x", "[::1]"),
            ("unix:///run/e.sock", "unix:///run/e.sock", "localhost"),
            ("unix:/run/e.sock", "unix:///run/e.sock", "localhost"),
            ("unix:///run/e.sock:/base/v1", "unix:///run/e.sock:/base", "localhost"),
        ]
    )
    func endpoints(text: String, description: String, host: String) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint.description == description && endpoint.hostField == host)
        #expect(try Endpoint(endpoint.description) == endpoint)
    }

    @Test(
        "endpoints that are none say what is wrong",
        arguments: [
            ("h:1", "has no http:// in front"), ("http://", "has no host"), ("https://h:0", "a port outside"),
            ("http://u@h", "a character that no address can have"), ("unix://run/e.sock", "no absolute path"),
            ("unix:///run/", "no absolute path"), ("unix:///run/e.sock:base", "without a slash"),
            ("unix:///\(String(repeating: "x", count: 103))", "more than 103 bytes"),
        ]
    )
    func badEndpoints(text: String, why: String) {
        let error = #expect(throws: SMMFError.self) { try Endpoint(text) }
        #expect(error?.message.contains(why) == true && error?.field == "endpoints", "\(error as Any)")
    }

    @Test func listenAddresses() throws {
        let socket = try ListenAddress("unix:/run/smmf.sock", field: "server.api")
        #expect(socket.socket == "/run/smmf.sock" && socket.isLoopback)
        #expect(socket.url(isTLS: true) == "unix:/run/smmf.sock")
        #expect(try ListenAddress("unix:///run/smmf.sock", field: "server.api") == socket)
        #expect(try Endpoint(socket.url()) == socket.endpoint())
        let port = try ListenAddress("[::1]:1", field: "x")
        #expect(port.socket == nil && port.url(isTLS: true) == "https://[::1]:1" && port.url() == "http://[::1]:1")
        for text in ["unix:run.sock", "unix:", "unix:/run/", "unix:/\(String(repeating: "x", count: 103))"] {
            #expect(throws: SMMFError.self) { try ListenAddress(text, field: "x") }
        }
    }
}
