// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@Suite("How long a start may go on")
struct StartWatchTests {
    private static let settings = InstanceLifecycle.Settings()

    /// Prints lines, one every minute, and returns when the start ends; nil when it lives on.
    private static func end(of lines: [String]) -> (minute: Int, bound: StartWatch.Bound)? {
        var watch = StartWatch(settings, at: .zero)
        for (minute, line) in lines.enumerated() {
            let now = Duration.seconds(60 * (minute + 1))
            if now >= watch.deadline { return (minute + 1, watch.bound) }
            _ = watch.read(line, nil, at: now)
        }
        return nil
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> [String] { (0..<count).map(line) }

    @Test(
        "A start that makes progress goes on",
        arguments: [
            lines(100) { "Downloading: \($0)%" },
            lines(100) { "Loading checkpoint shards:  \($0)%|####\(String(repeating: "#", count: $0 / 10))   |" },
            lines(100) { "loading shard \($0 + 1)/100" },
            lines(100) { "[2026/11/30 12:\($0 % 60):07] file \($0 + 1) of 100" },
            lines(100) { "model-00\(101 + $0)-of-00200.safetensors" },
            lines(100) { "got 1.\($0 / 10)\($0 % 10) GB so far" },
            lines(100) { "\(100 + $0)MB/900MB [00:\($0 % 60)<00:12, 12.3MB/s]" },
            // Files one after the other, each with its own percentage.
            lines(100) { "model-0000\($0 / 25 + 1)-of-00004.safetensors: \($0 % 25 * 4)%" },
            // A bar that begins again for a second model.
            lines(100) { "Loading weights: \($0 % 50 * 2 + 2)%" },
        ]
    )
    func progress(lines: [String]) {
        #expect(Self.end(of: lines) == nil)
    }

    @Test(
        "A start that repeats itself, or is silent, ends",
        arguments: [
            lines(100) { _ in "waiting for the lock" },
            lines(100) { "Mon Nov 30 00:\($0 % 60):02 UTC 2026 waiting" },
            lines(100) { "2026-11-30T00:\($0 % 60):36Z waiting \($0 * 60) s" },
            lines(100) { "still at 45% after \($0) s" },
            lines(100) { "step 3/8, \($0 % 7).5MB/s" },
            lines(100) { "retry \($0)" },
        ]
    )
    func repetition(lines: [String]) throws {
        let end = try #require(Self.end(of: lines))
        #expect(end.minute <= 5 && end.bound == .patience, "\(end)")
    }

    @Test("A start that only talks ends as well, later")
    func talk() throws {
        let words = Self.lines(200) { line in
            String(line).map { "abcdefghij"[String.Index(utf16Offset: Int(String($0)) ?? 0, in: "abcdefghij")] }
                .map(String.init).joined()
        }
        let end = try #require(Self.end(of: words.map { "now \($0)" }))
        #expect(end.bound == .news)
        #expect((20...22).contains(end.minute))
    }

    @Test("A start that downloads for ever ends after a day")
    func total() throws {
        let end = try #require(Self.end(of: Self.lines(10_000) { "\($0 * $0 + 1) MB so far" }))
        #expect(end.bound == .total)
        #expect(end.minute == 24 * 60)
    }

    @Test("A bar that begins again and again ends in the end")
    func laps() throws {
        let end = try #require(Self.end(of: Self.lines(3000) { "loading: \([0, 50, 100][$0 % 3])%" }))
        #expect(end.minute < 100)
    }

    @Test("What the engine's adapter reads is progress once, and is what is shown")
    func steps() {
        var watch = StartWatch(Self.settings, at: .zero)
        let step = LoadingProgress(fraction: 0.5, text: "reading the weights")
        var isNews = watch.read("any line", step, at: .seconds(100))
        #expect(isNews)
        #expect(watch.deadline == .seconds(220) && watch.progress == step)
        isNews = watch.read("any line", step, at: .seconds(150))
        #expect(!isNews)
        isNews = watch.read("other 99%", nil, at: .seconds(151))
        #expect(isNews)
        #expect(watch.progress == step, "a line that the adapter does not know does not speak for the engine")
    }

    @Test("Percentages that no adapter knows are shown")
    func plainPercentages() {
        var watch = StartWatch(Self.settings, at: .zero)
        _ = watch.read("loading 10 %", nil, at: .zero)
        #expect(watch.progress == nil)
        _ = watch.read("loading 40 %", nil, at: .zero)
        #expect(watch.progress == LoadingProgress(fraction: 0.4, text: "loading the model"))
    }

    @Test("No line traps, and no number stands beyond its bounds")
    func garbage() {
        var watch = StartWatch(Self.settings, at: .zero)
        for text in [
            "", "9", "99999999999999999999999999%", "1/0", "0/0 of 0", "1.", ".5%", "5 of", "7 / 7/7", "3 GB/s", "é4%é",
            "-3%", "8k", "8 kB", "1e9%",
        ] {
            for line in [text, text + text, String(repeating: text, count: 200)] {
                _ = watch.read(line, nil, at: .seconds(1))
                if let fraction = watch.progress?.fraction { #expect((0...1).contains(fraction)) }
            }
        }
    }
}
