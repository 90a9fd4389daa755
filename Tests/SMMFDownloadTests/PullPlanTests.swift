// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFDownload

@Suite("The plan of a pull")
struct PullPlanTests {
    /// A server that does anything, and connections that do as the plan says: whatever happens, the bytes of a finished
    /// file came from one attempt at it, each byte once, and there is an end.
    @Test("any trouble ends with whole files or with an error", arguments: 0..<200)
    func property(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sizes: [Int?] = [0, 1, 100, 64, 65, 1000, nil]
        let files = (0..<4).map { index in
            FilePlan(path: "\(index)", identity: "x", size: sizes.randomElement(using: &generator) ?? nil, segment: 64)
        }
        var plan = PullPlan(files: files)
        var checked: Set<Int> = Set(plan.files.indices.filter { plan.files[$0].isWhole })
        var atWork: [PullPlan.Work] = []
        for _ in 0..<100_000 {
            while atWork.count < 3, let work = plan.next() {
                #expect(!atWork.contains(work) && !checked.contains(work.file))
                atWork.append(work)
            }
            guard let index = atWork.indices.randomElement(using: &generator) else { break }
            let work = atWork.remove(at: index)
            guard let segment = plan.segment(work) else {
                #expect(plan.ended(work, .ended) == .goOn)
                continue
            }
            let room = segment.length.map { $0 - segment.received } ?? 200
            // Bytes come first, and the end of the body is news of its own.
            if Bool.random(using: &generator), room > 0 {
                plan.received(
                    Bool.random(using: &generator) ? room : Int.random(in: 0...room, using: &generator),
                    by: work
                )
                atWork.append(work)
                continue
            }
            let outcome: PullPlan.Outcome
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: outcome = .broken("cut")
            case 1: outcome = .busy(status: 429, after: 3)
            case 2: outcome = seed.isMultiple(of: 3) ? .wholeInstead : .broken("reset")
            case 3: outcome = seed.isMultiple(of: 5) ? .changed : .busy(status: 500, after: nil)
            case 4: outcome = .ended
            default:
                if segment.length != nil { plan.received(room, by: work) }
                outcome = .ended
            }
            switch plan.ended(work, outcome) {
            case .goOn: break
            case .check(let file):
                #expect(plan.files[file].isWhole && checked.insert(file).inserted)
                #expect(!atWork.contains { $0.file == file && plan.segment($0) != nil }, "somebody is still at it")
            case .wait(let time):
                #expect(time >= .seconds(1) && time <= .seconds(30))
                plan.giveBack(work)
            case .fail(let error):
                #expect(!error.message.isEmpty && error.nextStep?.isEmpty == false)
                return
            }
        }
        #expect(checked.count == plan.files.count && plan.files.allSatisfy { $0.isWhole })
    }

    @Test("a kept plan is used only for the same content, and only when it makes sense")
    func kept() {
        let wanted = FilePlan(path: "m", identity: "sha256:1", size: 200, segment: 64)
        var kept = wanted
        kept.segments[1].received = 10
        #expect(kept.continues(wanted) && kept.received == 10)
        let changes: [(inout FilePlan) -> Void] = [
            { $0.identity = "sha256:2" }, { $0.size = 201 }, { $0.path = "n" }, { $0.segments = [] },
            { $0.segments[0].received = 65 }, { $0.segments[0].received = -1 }, { $0.segments[1].start = 63 },
            { $0.segments.removeLast() }, { $0.segments[3].length = 1 << 50 },
        ]
        for change in changes {
            var bad = kept
            change(&bad)
            #expect(!bad.continues(wanted), "\(bad)")
        }
    }

    @Test("large files come in a few long runs, small ones in one")
    func runs() {
        for (size, lengths) in [(0, [0]), (64, [64]), (65, [64, 1]), (512, [65, 65, 65, 65, 65, 65, 65, 57])] {
            let plan = FilePlan(path: "m", identity: "", size: size, segment: 64)
            #expect(plan.segments.map(\.length) == lengths && plan.continues(plan))
        }
        let largest = FilePlan(path: "m", identity: "", size: 1 << 40)
        #expect(largest.segments.count == 8 && largest.continues(largest))
    }

    struct Head: Sendable {
        var status: Int
        var fields: [String: String] = [:]
        var isRange = true
        var start = 100
        var validator: String? = "\"a\""
        var meaning: RangeAnswer
    }

    static let heads = [
        Head(
            status: 206,
            fields: ["content-range": "bytes 100-199/300", "etag": "\"a\""],
            meaning: .body(validator: "\"a\"")
        ),
        Head(status: 206, fields: ["content-range": "bytes 100-199/*"], meaning: .body(validator: nil)),
        Head(
            status: 206,
            fields: ["content-range": "bytes 100-199/300", "etag": "\"b\""],
            meaning: .outcome(.changed)
        ),
        Head(status: 206, fields: ["content-range": "bytes 100-199/301"], meaning: .outcome(.changed)),
        Head(
            status: 206,
            fields: ["content-range": "bytes 0-199/300"],
            meaning: .outcome(.broken("the server sent other bytes than were asked for"))
        ),
        Head(status: 206, meaning: .outcome(.broken("the server sent other bytes than were asked for"))),
        Head(status: 200, meaning: .outcome(.wholeInstead)),
        Head(status: 200, fields: ["etag": "W/\"a\""], isRange: false, start: 0, meaning: .body(validator: nil)),
        Head(status: 200, fields: ["content-length": "299"], isRange: false, start: 0, meaning: .outcome(.changed)),
        Head(status: 416, meaning: .outcome(.changed)),
        Head(status: 429, fields: ["retry-after": "5"], meaning: .outcome(.busy(status: 429, after: 5))),
        Head(
            status: 429,
            fields: ["ratelimit": "\"api\"; r=0; t=55"],
            meaning: .outcome(.busy(status: 429, after: 55))
        ),
        Head(status: 503, fields: ["retry-after": "soon"], meaning: .outcome(.busy(status: 503, after: nil))),
        Head(status: 403, fields: ["x-error-code": "GatedRepo"], meaning: .refused(status: 403, code: "GatedRepo")),
        Head(status: 206, isRange: false, start: 0, meaning: .refused(status: 206, code: nil)),
    ]

    @Test("what an answer's head means", arguments: heads.indices)
    func headMeaning(index: Int) {
        let head = Self.heads[index]
        let meaning = RangeAnswer(
            status: head.status,
            isRange: head.isRange,
            start: head.start,
            size: 300,
            validator: head.validator,
            field: { head.fields[$0] }
        )
        #expect(meaning == head.meaning)
    }

    @Test("a Content-Range that makes no sense is none")
    func contentRange() {
        for bad in ["bytes 5-4/10", "bytes 0-10/10", "bytes */10", "items 0-1/2", "bytes 0-1", "bytes -1-2/3", ""] {
            #expect(ContentRange(bad) == nil, "\(bad)")
        }
        #expect(ContentRange("bytes 0-0/1")?.total == 1)
    }
}
