// SPDX-License-Identifier: MIT

/// The report as people read it.
extension LoadReport {
    /// A few lines, with their ends.
    public var text: String {
        var lines = [heading, counts]
        if !errors.isEmpty {
            let kinds = errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key): \($0.value)" }
            lines.append("errors    \(kinds.joined(separator: ", "))")
        }
        if let firstError { lines.append("          \(firstError)") }
        lines.append("")
        lines.append(Self.row("milliseconds", ["p50", "p90", "p99", "p99.9", "max"]))
        if let lag { lines.append(Self.row("sent late", lag)) }
        lines.append(Self.row(stream ? "first token" : "first byte", firstToken))
        if let interToken { lines.append(Self.row("inter-token", interToken)) }
        lines.append(Self.row("total", total))
        if let server { lines += ["", Self.line(server)] }
        return lines.joined(separator: "\n") + "\n"
    }

    private var heading: String {
        let load = rate.map { "\(Self.fixed($0, $0 < 100 ? 1 : 0)) requests/s due," } ?? "as fast as answers come,"
        let kind = stream ? "streams" : "whole answers"
        return
            "\(url), model \(model): \(kind), \(load) \(connections) connections, \(Self.fixed(seconds, 1)) s measured"
    }

    private var counts: String {
        var parts = [
            "requests  \(Self.fixed(requestsPerSecond, 1))/s",
            "tokens \(Self.fixed(tokensPerSecond, 1))/s",
            "\(succeeded) answered",
            "\(failed) failed",
        ]
        if unfinished > 0 { parts.append("\(unfinished) unfinished") }
        if unsent > 0 { parts.append("\(unsent) not sent, as no connection was free") }
        return parts.joined(separator: ", ")
    }

    private static func row(_ name: String, _ values: Percentiles) -> String {
        guard values.count > 0 else { return row(name, Array(repeating: "-", count: 5)) }
        return row(name, [values.p50, values.p90, values.p99, values.p999, values.max].map { fixed($0, 3) })
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        name + String(repeating: " ", count: max(0, 12 - name.count)) + cells.map { pad($0, to: 12) }.joined()
    }

    private static func pad(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func line(_ server: Server) -> String {
        var parts = ["server    \(fixed(server.cores * 100, 1)) % of a core"]
        if let cpu = server.cpuPerRequest { parts.append("\(fixed(cpu, 2)) us CPU per request") }
        if let cpu = server.cpuPerToken { parts.append("\(fixed(cpu, 2)) us per token") }
        let megabytes = [server.residentBefore, server.residentAfter].map { fixed(Double($0) / 1_048_576, 1) }
        parts.append("RSS \(megabytes[0]) to \(megabytes[1]) MB")
        return parts.joined(separator: ", ")
    }

    /// A number with so many digits behind the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let whole = "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / scale)"
        guard digits > 0 else { return whole }
        let fraction = "\(scaled % scale)"
        return whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
