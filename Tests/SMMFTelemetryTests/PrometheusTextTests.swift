// SPDX-License-Identifier: MIT

import SMMFTelemetry
import Testing

@Suite("Prometheus text")
struct PrometheusTextTests {
    @Test("labels are escaped, buckets are cumulative, and the last is infinite")
    func page() {
        var page = PrometheusText()
        page.family("a_total", .counter, "Counts.")
        page.sample("a_total", 3, [("model", "x\"y\\z\n")])
        page.family("b_seconds", .histogram, "Times.")
        page.histogram("b_seconds", [("m", "d")], bounds: [0.5, 1], counts: [2, 0, 1], sum: 4.25)
        #expect(
            page.text == """
                # HELP a_total Counts.
                # TYPE a_total counter
                a_total{model="x\\"y\\\\z\\n"} 3
                # HELP b_seconds Times.
                # TYPE b_seconds histogram
                b_seconds_bucket{m="d",le="0.5"} 2
                b_seconds_bucket{m="d",le="1"} 2
                b_seconds_bucket{m="d",le="+Inf"} 3
                b_seconds_sum{m="d"} 4.25
                b_seconds_count{m="d"} 3

                """
        )
    }
}
