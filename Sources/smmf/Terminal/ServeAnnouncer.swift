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

    /// Models that were found; they need no line each when they serve.
    private let found: Set<String>

    init(models: [Deployment], found: [Deployment] = []) {
        demo = (models + found).first { $0.kind == .language }?.name.text
        self.found = Set(found.map(\.name.text))
    }

    /// Says what was found where there is no configuration.
    static func say(_ finding: Discovery.Finding) {
        let names = finding.models.map(\.name.text)
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        let what = finding.nextStep ?? names.prefix(3).joined(separator: ", ") + more
        print("  \(Terminal.styled("found         ", .dim))\(finding.title): \(what)")
        Terminal.flush()
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
            if !found.contains(model) {
                print("  \(Terminal.styled("ready         ", .green))\(model) (\(time.seconds).\(tenths) s)")
            }
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
