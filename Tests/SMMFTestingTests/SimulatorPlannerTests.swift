// SPDX-License-Identifier: MIT

import NIOCore
import Testing

@testable import SMMFTesting

/// What is written at which moment; on a socket the kernel may join it again, so it is looked at here.
@Suite struct SimulatorPlannerTests {
    private func steps(_ body: String = streamedChat, _ change: (inout SimulatorScript) -> Void) -> [SimulatorPlan.Step]
    {
        var script = SimulatorScript()
        change(&script)
        return SimulatorPlanner(script: script).answer(SimulatorOpenAI().chat, body: body.utf8).steps
    }

    private func text(_ step: SimulatorPlan.Step) -> String {
        if case .write(let bytes, _) = step { String(buffer: bytes) } else { "" }
    }

    private func sizes(_ steps: [SimulatorPlan.Step]) -> [Int] {
        steps.compactMap { if case .write(let bytes, _) = $0 { bytes.readableBytes } else { nil } }
    }

    private func pauses(_ steps: [SimulatorPlan.Step]) -> [Duration] {
        steps.compactMap { if case .pause(let duration) = $0 { duration } else { nil } }
    }

    @Test func `a burst is one write`() {
        let steps = steps { $0.tokens = 64 }
        #expect(steps.count == 2)
        #expect(text(steps[0]).hasPrefix("HTTP/1.1 200 OK"))
        #expect(text(steps[0]).hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"))
        guard case .write(_, tokens: 64) = steps[0] else { Issue.record("64 tokens must be counted"); return }
        #expect(steps[1] == .complete(closes: false))
    }

    @Test func `tokens are paced, the first one after the prompt is read`() {
        let steps = steps {
            $0.tokens = 3
            $0.tokenInterval = .milliseconds(20)
            $0.firstToken = .milliseconds(100)
            $0.prefillRate = 2
        }
        // One prompt token at two per second takes 500 ms.
        #expect(pauses(steps) == [.milliseconds(600), .milliseconds(20), .milliseconds(20)])
        #expect(text(steps[1]).hasPrefix("HTTP/1.1 200 OK"))
        #expect(text(steps[1]).contains("tok0") && !text(steps[1]).contains("tok1"))
        #expect(text(steps[5]).contains("tok2") && text(steps[5]).contains("[DONE]"))
    }

    @Test func `a reply in one piece takes the time of all its tokens`() {
        let steps = steps(plainChat) {
            $0.tokens = 11
            $0.tokenInterval = .milliseconds(20)
            $0.firstToken = .milliseconds(50)
        }
        #expect(pauses(steps) == [.milliseconds(250)])
    }

    @Test func `an early head is written before the first pause`() {
        let steps = steps {
            $0.earlyHead = true
            $0.firstToken = .milliseconds(100)
        }
        #expect(text(steps[0]).hasSuffix("\r\n\r\n"))
        #expect(steps[1] == .pause(.milliseconds(100)))
    }

    @Test func `a slow drip is one byte and a pause`() {
        let steps = steps {
            $0.tokens = 1
            $0.writeSizes = [1]
            $0.writePause = .milliseconds(3)
        }
        let sizes = sizes(steps)
        #expect(sizes.count > 100)
        #expect(sizes.allSatisfy { $0 == 1 })
        #expect(pauses(steps) == Array(repeating: .milliseconds(3), count: sizes.count - 1))
    }

    @Test func `write sizes are used in turn`() {
        let sizes = sizes(steps { $0.writeSizes = [3, 50] })
        #expect(sizes.dropLast().enumerated().allSatisfy { $1 == ($0.isMultiple(of: 2) ? 3 : 50) })
        #expect(sizes.reduce(0, +) == self.sizes(steps { _ in }).reduce(0, +))
    }

    @Test func `any cutting leaves the same bytes`() {
        var generator = SeededGenerator(seed: 42)
        let whole = steps { _ in }.map(text).joined()
        for _ in 0..<100 {
            let cuts = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                Int.random(in: 1...300, using: &generator)
            }
            #expect(steps { $0.writeSizes = cuts }.map(text).joined() == whole, "\(cuts)")
        }
    }

    @Test func `an HTTP 1.0 client gets no chunks`() {
        let client = SimulatorPlanner.Client(isHTTP10: true, keepsAlive: false)
        let planner = SimulatorPlanner(script: SimulatorScript(), client: client)
        let steps = planner.answer(SimulatorOpenAI().chat, body: streamedChat.utf8).steps
        #expect(!text(steps[0]).contains("transfer-encoding"))
        #expect(steps.last == .complete(closes: true))
    }

    @Test func `every setting reads the text of its help, and refuses nonsense`() throws {
        for setting in SimulatorSetting.all where setting.meaning.contains("|") {
            for word in setting.meaning.split(separator: "|") {
                var script = SimulatorScript()
                try setting.apply(String(word.split(separator: " ").last ?? word), to: &script)
            }
        }
        for setting in SimulatorSetting.all where !["model", "error-message", "api-key"].contains(setting.name) {
            var script = SimulatorScript()
            #expect(throws: SimulatorSetting.Refused.self, "\(setting.name)") {
                try setting.apply("nonsense", to: &script)
            }
        }
        #expect(Set(SimulatorSetting.all.map(\.name)).count == SimulatorSetting.all.count)
    }
}
