// SPDX-License-Identifier: MIT

import SMMFRouting
import SMMFTesting
import Testing

@Suite struct RoutePlanTests {
    @Test(
        arguments: [
            ([nil, nil], nil, false), ([nil], 4, false), ([3], nil, false), ([0, 0], nil, false), ([], nil, false),
            ([1, nil], nil, true), ([nil, nil], 4, true), ([9, 1], nil, true),
        ] as [([Int?], Int?, Bool)]
    )
    func `A plan is made only where groups are not just tried in order`(
        weights: [Int?],
        spillAbove: Int?,
        isPlan: Bool
    ) {
        #expect((RoutePlan(weights: weights, spillAbove: spillAbove) != nil) == isPlan)
    }

    @Test func `Requests begin at groups by their weights`() throws {
        let plan = try #require(RoutePlan(weights: [9, nil, 1, 0]))
        var generator = SeededGenerator(seed: 11)
        var counts = [0, 0, 0, 0]
        for _ in 0..<10_000 { counts[plan.lead(generator.next())] += 1 }
        #expect(counts[1] == 0 && counts[3] == 0)
        #expect((850...1_150).contains(counts[2]), "\(counts)")
    }

    @Test func `The others follow in their order`() throws {
        let plan = try #require(RoutePlan(weights: [1, 1, 1, nil]))
        let orders = (0..<4).map { lead in (0..<4).map { plan.group(at: $0, lead: lead) } }
        #expect(orders == [[0, 1, 2, 3], [1, 0, 2, 3], [2, 0, 1, 3], [3, 0, 1, 2]])
    }

    @Test(
        arguments: [
            ([.unknown, .priced(2), .free, .priced(1)], [2, 3, 1, 0]),
            ([.priced(1), .priced(1), .priced(0.5)], [2, 0, 1]),
            ([.unknown, .unknown], [0, 1]), ([], []),
        ] as [([RouteCost], [Int])]
    )
    func `The cheapest comes first, and who is unknown last`(costs: [RouteCost], order: [Int]) {
        #expect(RouteCost.order(costs) == order)
    }
}
