// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@testable import SMMFWire

/// The body scan beside Python's strict JSON reader, on generated and damaged bodies: what one reads the other reads, and
/// both find the same model in it.
@Suite struct JSONDifferentialTests {
    @Test func bodiesAreReadAsPythonReadsThem() async throws {
        var generator = BodyGenerator(seed: 31)
        let bodies = (0..<4_000).map { _ in generator.body() }
        var counts = (read: 0, refused: 0, incomplete: 0)
        for (number, (bytes, reference)) in zip(bodies, try await StrictJSON.read(bodies)).enumerated() {
            if number % 50 == 0 { await Task.yield() }
            let text = Comment(rawValue: bytes.text.debugDescription)
            do throws(RequestProblem) {
                let peek = try RequestPeek(bytes.span, shape: .prompt, depthLimit: 64)
                #expect(reference.isValid, text)
                #expect(reference.model == peek.model.decoded(in: bytes.span), text)
                #expect(reference.streams == peek.streams, text)
                counts.read += 1
            } catch {
                switch error {
                case .json:
                    #expect(!reference.isValid, text)
                    counts.refused += 1
                case .missing(.member(.model)):
                    #expect(reference.model == nil, text)
                    counts.incomplete += 1
                case .missing, .notAnObject, .wrong, .repeated, .form:
                    // It stops at the first field that is wrong, so what comes behind may be anything.
                    counts.incomplete += 1
                }
            }
        }
        #expect(counts.read > 1_500 && counts.refused > 750 && counts.incomplete > 150, "\(counts)")
    }

    @Test func anyDocumentIsReadAsPythonReadsIt() async throws {
        var generator = BodyGenerator(seed: 32)
        let documents = (0..<4_000).map { _ in generator.document() }
        var counts = (read: 0, refused: 0)
        for (number, (bytes, reference)) in zip(documents, try await StrictJSON.read(documents)).enumerated() {
            if number % 50 == 0 { await Task.yield() }
            var walker = JSONWalker(end: bytes.count, depthLimit: 64, checksText: true)
            var problem: JSONProblem?
            do throws(JSONProblem) {
                try walker.skipValue(bytes.span)
                try walker.finish(bytes.span)
                counts.read += 1
            } catch {
                problem = error
                counts.refused += 1
            }
            #expect(
                (problem == nil) == reference.isValid,
                "\(problem?.message ?? "read") \(bytes.text.debugDescription)"
            )
        }
        #expect(counts.read > 2_000 && counts.refused > 750, "\(counts)")
    }
}
