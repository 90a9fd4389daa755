// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@testable import SMMFBench

@Suite("Load report")
struct LoadReportTests {
    private func report(stream: Bool, rate: Double?) -> LoadReport {
        var tally = LoadTally()
        tally.window = 2_000_000_000
        tally.started = 7
        tally.succeeded = 4
        tally.failures = [.status(503): 2, .brokenStream: 1]
        tally.sample = Array("no\u{1B}[31m\nroom".utf8)
        tally.answersInWindow = 10
        tally.goodInWindow = 8
        tally.tokensInWindow = 40
        tally.total.record(3_000_000, times: 3)
        tally.firstToken.record(500_000)
        tally.interToken.record(250_000, times: 3)
        tally.lag.record(1000)
        var plan = LoadPlan()
        if let rate { plan.arrival = .open(perSecond: rate) }
        var target = LoadTarget(endpoint: Endpoint(host: "h", port: 1), model: "m")
        target.isStream = stream
        target.key = "secret"
        let before = ProcessMeter.Reading(cpu: 1_000_000_000, resident: 10 << 20)
        let after = ProcessMeter.Reading(cpu: 2_000_000_000, resident: 12 << 20)
        return LoadReport(tally, plan: plan, target: target, server: (before, after))
    }

    @Test("figures are for each second, request and token of the window")
    func figures() {
        let report = report(stream: true, rate: nil)
        #expect(report.requestsPerSecond == 4 && report.tokensPerSecond == 20)
        #expect(report.server?.cpuPerRequest == 100_000 && report.server?.cpuPerToken == 25_000)
        #expect(report.server?.cores == 0.5)
        #expect(report.failed == 3 && report.errors == ["status 503": 2, "broken stream": 1])
        #expect(report.total.max == 3 && report.total.count == 3)
    }

    @Test("the text says it all, and nothing in it drives a terminal or gives the key away")
    func text() {
        #expect(
            report(stream: true, rate: 50).text == """
                http://h:1/v1/chat/completions, model m: streams, 50.0 requests/s due, 64 connections, 2.0 s measured
                requests  4.0/s, tokens 20.0/s, 4 answered, 3 failed
                errors    status 503: 2, broken stream: 1
                          no [31m room

                milliseconds         p50         p90         p99       p99.9         max
                sent late          0.001       0.001       0.001       0.001       0.001
                first token        0.500       0.500       0.500       0.500       0.500
                inter-token        0.250       0.250       0.250       0.250       0.250
                total              3.000       3.000       3.000       3.000       3.000

                server    50.0 % of a core, 100000.00 us CPU per request, 25000.00 us per token, RSS 10.0 to 12.0 MB

                """
        )
        #expect(report(stream: false, rate: nil).text.contains("whole answers, as fast as answers come"))
    }

    @Test(
        "numbers are written without Foundation",
        arguments: [
            (0, 2, "0.00"), (1.005, 1, "1.0"), (2.96, 1, "3.0"), (-1.5, 1, "-1.5"), (-0.01, 1, "0.0"),
            (1e18, 1, "1e+18"),
        ]
    )
    func fixed(value: Double, digits: Int, text: String) {
        #expect(LoadReport.fixed(value, digits) == text)
    }
}
