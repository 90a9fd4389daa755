// SPDX-License-Identifier: MIT

import SMMFAssembly
import SMMFCore

/// Tells the person who started a server where it listens, and what to try once a model serves.
actor ServeAnnouncer {
    private let demo: String?
    private var api: String?
    /// Whether other machines can reach the API server, so that it asks for keys.
    private var isExposed = false
    private var hasInvited = false
    private let start = ContinuousClock.now

    init(models: [Deployment]) {
        demo = models.first { $0.kind == .language }?.name.text
    }

    func note(_ event: HostEvent) {
        switch event {
        case .listening(let role, let url):
            let label = role + String(repeating: " ", count: max(1, 14 - role.count))
            print("  \(Terminal.styled(label, .dim))\(url)")
            if role == "API server" { noteAPI(url) }
        case .ready(let model):
            let time = start.duration(to: .now).components
            let tenths = time.attoseconds / 100_000_000_000_000_000
            print("  \(Terminal.styled("ready         ", .green))\(model) (\(time.seconds).\(tenths) s)")
            invite(model)
        }
        Terminal.flush()
    }

    private func noteAPI(_ url: String) {
        api = url
        let address = try? ListenAddress(String(url.dropFirst("http://".count)), field: "api")
        isExposed = address.map { !$0.isLoopback } ?? false
        guard isExposed else { return }
        print("                It asks for an API key; make one with: smmf key create NAME")
    }

    private func invite(_ model: String) {
        guard !hasInvited, let api, demo == nil || demo == model else { return }
        hasInvited = true
        let key = isExposed ? " -H \"authorization: Bearer $SMMF_API_KEY\"" : ""
        print(
            """

            Try it:
              curl -N \(api)/v1/chat/completions -H 'content-type: application/json'\(key) \\
                -d '{"model":"\(model)","stream":true,"messages":[{"role":"user","content":"What is SMMF?"}]}'
            or: smmf model chat \(model)

            """
        )
    }
}
