// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFBench

@Suite("Arrival schedule")
struct ArrivalScheduleTests {
    private func times(_ schedule: ArrivalSchedule, at now: Int) -> [Int] {
        var schedule = schedule
        var times: [Int] = []
        while let time = schedule.take(at: now) { times.append(time) }
        return times
    }

    @Test("requests are due at even times from the start, up to the end and not at it")
    func even() {
        let schedule = ArrivalSchedule(rate: 1000, start: 5_000_000, end: 8_000_000)
        #expect(schedule.next == 5_000_000)
        #expect(times(schedule, at: 4_999_999) == [])
        #expect(times(schedule, at: 5_999_999) == [5_000_000])
        #expect(times(schedule, at: 100_000_000) == [5_000_000, 6_000_000, 7_000_000])
    }

    @Test("loops take turns, and together make the rate", arguments: 1...5)
    func turns(loops: Int) {
        let all = (0..<loops).flatMap { loop in
            times(ArrivalSchedule(rate: 100, start: 0, end: 1_000_000_000, loop: loop, of: loops), at: Int.max)
        }
        #expect(all.sorted() == (0..<100).map { $0 * 10_000_000 })
    }

    @Test("a request that is taken late keeps the time it was due at, and the rest counts as overdue")
    func late() {
        var schedule = ArrivalSchedule(rate: 10, start: 0, end: 1_000_000_000)
        #expect(schedule.overdue(at: 0) == 0)
        #expect(schedule.overdue(at: 450_000_000) == 5)
        #expect(schedule.take(at: 450_000_000) == 0)
        #expect(schedule.take(at: 450_000_000) == 100_000_000)
        #expect(schedule.overdue(at: 450_000_000) == 3)
        #expect(schedule.overdue(at: 1_500_000_000) == 8)
        while schedule.take(at: Int.max) != nil {}
        #expect(schedule.overdue(at: 1_500_000_000) == 0 && schedule.next == nil)
    }

    @Test("a rate does not drift over a day")
    func drift() {
        let schedule = ArrivalSchedule(rate: 3, start: 0, end: Int.max)
        #expect(schedule.overdue(at: 86_400_000_000_000) == 3 * 86_400)
    }
}
