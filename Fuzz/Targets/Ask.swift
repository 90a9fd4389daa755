// SPDX-License-Identifier: MIT

/// A client's request in the words of any dialect, chosen with the backend by the first two bytes: it is read or refused,
/// said in the backend's words or refused, and the same request always gives the same bytes, which are JSON.
func fuzz(_ input: [UInt8]) {
    guard input.count > 2 else { return }
    let client = ChatDialects.clients[Int(input[0]) % ChatDialects.clients.count]
    let backend = ChatDialects.backends[Int(input[1]) % ChatDialects.backends.count]
    let bytes = Array(input.dropFirst(2))
    func ask() -> TranslatedRequest? {
        guard
            let read = try? ClientInput(path: "/v1beta/models/m:streamGenerateContent", bytes: bytes.span),
            let request = try? client.read(read)
        else { return nil }
        return try? backend.write(request)
    }
    guard let written = ask() else { return }
    require(ask() == written, "\(client.name) to \(backend.name): the same request gives other bytes")
    require((try? JSONTree(written.body)) != nil, "\(backend.name): \(text(written.body))")
    require(!written.path.contains(" ") && !written.path.contains("\n"), "\(backend.name): the path \(written.path)")
}
