// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore

/// Waiting for a model to become what was asked for, with progress.
struct WaitOptions: ParsableArguments {
    @Flag(help: "Return at once and do not wait.")
    var noWait = false

    @Option(help: "How many seconds to wait at the most.")
    var timeout: Int = 600

    /// Looks at a model until `isDone`, and prints it; throws when it fails for good or the time is over.
    func follow(
        _ first: ModelStatus,
        _ client: ControlClient,
        _ options: ControlOptions,
        until isDone: (ModelStatus) -> Bool
    ) async throws {
        let name = first.deployment.name
        let start = ContinuousClock.now
        var status = first
        var line = ProgressLine()
        defer { line.finish() }
        while !noWait, !isDone(status) {
            if let failure = Self.finalFailure(status) {
                line.finish()
                throw SMMFError(.unavailable, "\(name) failed: \(failure.message)", nextStep: failure.nextStep)
            }
            guard start.duration(to: .now) < .seconds(timeout) else {
                throw SMMFError(
                    .timedOut,
                    "\(name) is \(status.summary) after \(timeout) s.",
                    nextStep: "Look with smmf model describe \(name) and smmf model logs \(name)."
                )
            }
            line.show(Self.progress(status))
            try await Task.sleep(for: .milliseconds(100))
            status = try await client.call(.get, ModelCommand.path(name.text))
        }
        line.finish()
        if options.json { return try options.printJSON(status) }
        let seconds = start.duration(to: .now).components
        let time = noWait ? "" : " (\(seconds.seconds).\(seconds.attoseconds / 100_000_000_000_000_000) s)"
        print("\(name) is \(status.summary)\(time).")
    }

    private static func progress(_ status: ModelStatus) -> String {
        let newest = status.instances.max { ($0.generation, $0.since) < ($1.generation, $1.since) }
        let detail = newest?.detail ?? status.notice ?? ""
        let percent = newest?.progress.map { " \(Int($0 * 100)) %" } ?? ""
        let state = newest?.state.rawValue ?? status.summary
        return "\(status.deployment.name): \(state)\(percent)\(detail.isEmpty ? "" : ", \(detail)")"
    }

    /// A failure that waiting does not mend.
    private static func finalFailure(_ status: ModelStatus) -> InstanceFailure? {
        let current = status.instances.filter { $0.generation == status.deployment.generation }
        guard status.deployment.desired == .online, !current.contains(where: { $0.state == .ready }) else { return nil }
        return current.first { $0.state == .failed && $0.failure?.kind.isPermanent == true }?.failure
    }
}
