// SPDX-License-Identifier: MIT

import SMMFAssembly
import SMMFCore

/// Tells the person who started a server where it listens, and what to try once a model serves.
actor ServeAnnouncer {
    private let demo: String?
    private var api: String?
    private var hasInvited = false
    private let start = ContinuousClock.now

    init(models: [Deployment]) {
        demo = models.first { $0.kind == .language }?.name.text
    }

    func note(_ event: HostEvent) {
        switch event {
        case .listening(let role, let url):
            if role == "API server" { api = url }
            let label = role + String(repeating: " ", count: max(1, 14 - role.count))
            print("  \(Terminal.styled(label, .dim))\(url)")
        case .ready(let model):
            let time = start.duration(to: .now).components
            let tenths = time.attoseconds / 100_000_000_000_000_000
            print("  \(Terminal.styled("ready         ", .green))\(model) (\(time.seconds).\(tenths) s)")
            invite(model)
        }
        Terminal.flush()
    }

    private func invite(_ model: String) {
        guard !hasInvited, let api, demo == nil || demo == model else { return }
        hasInvited = true
        print(
            """

            Try it:
              curl -N \(api)/v1/chat/completions -H 'content-type: application/json' \\
                -d '{"model":"\(model)","stream":true,"messages":[{"role":"user","content":"What is SMMF?"}]}'
            or: smmf model chat \(model)

            """
        )
    }
}
