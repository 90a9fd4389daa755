// SPDX-License-Identifier: MIT

import SMMFCatalog
import SMMFControlHTTP
import SMMFDownload

/// How far a pull has come: a line that is rewritten on a terminal, a line for each tenth elsewhere, or lines of JSON.
struct PullLine {
    private let json: Bool
    private var line = ProgressLine()
    private var last: (state: PullProgress, moment: ContinuousClock.Instant)?
    /// Bytes and moment of the first news, for the speed.
    private var start: (bytes: Int, moment: ContinuousClock.Instant)?

    init(json: Bool) { self.json = json }

    /// Shows news, unless the same was shown a moment ago.
    mutating func show(_ progress: PullProgress) {
        let now = ContinuousClock.now
        if start == nil, progress.state == .pulling { start = (progress.received, now) }
        guard isNews(progress, now) else { return }
        last = (progress, now)
        guard json else { return line.show(text(progress, now)) }
        guard let text = try? ControlJSON.encode(progress) else { return }
        Terminal.write(String(decoding: text, as: UTF8.self) + "\n")
    }

    mutating func finish() { line.finish() }

    private func isNews(_ progress: PullProgress, _ now: ContinuousClock.Instant) -> Bool {
        guard let last, last.state.state == progress.state else { return true }
        let since = last.moment.duration(to: now)
        if json { return since >= .seconds(1) || last.state.file != progress.file }
        if Terminal.isErrorTerminal { return since >= .milliseconds(100) }
        return tenth(last.state) != tenth(progress)
    }

    private func tenth(_ progress: PullProgress) -> Int {
        progress.total.map { $0 == 0 ? 10 : progress.received * 10 / $0 } ?? progress.received >> 28
    }

    private func text(_ progress: PullProgress, _ now: ContinuousClock.Instant) -> String {
        let size = DeploymentChoice.size(progress.received)
        let share = progress.total.map { total in
            " of \(DeploymentChoice.size(total)) (\(total == 0 ? 100 : progress.received * 100 / total) %)"
        }
        let file = progress.file.map { ", \($0)" } ?? ""
        switch progress.state {
        case .listing: return "asking what there is"
        case .pulling: return "\(size)\(share ?? "")\(speed(progress, now))\(file)"
        case .checking: return "checking\(file.dropFirst())"
        case .waiting: return "\(size)\(share ?? ""), the server is asked again in a while"
        }
    }

    private func speed(_ progress: PullProgress, _ now: ContinuousClock.Instant) -> String {
        guard let start else { return "" }
        let time = start.moment.duration(to: now).components
        let seconds = Double(time.seconds) + Double(time.attoseconds) / 1e18
        guard seconds > 1 else { return "" }
        let rate = Double(progress.received - start.bytes) / seconds
        return ", \(Int((rate / 1e6).rounded())) MB/s"
    }
}
