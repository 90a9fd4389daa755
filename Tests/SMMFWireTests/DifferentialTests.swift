// SPDX-License-Identifier: MIT

import Testing

/// SMMF's parsers beside llhttp, as SwiftNIO wraps it, on generated and damaged messages: whoever stands in front of or
/// behind this code reads a message as it does, or it is refused here.
@Suite struct DifferentialTests {
    private static let messages = 4_000

    @Test func requestsAreReadAsLlhttpReadsThem() async {
        var generator = MessageGenerator(seed: 11)
        var tally = Tally()
        for number in 0..<Self.messages {
            if number % 50 == 0 { await Task.yield() }
            let bytes = generator.requests()
            tally.compare(ReadMessages(requests: bytes), ReadMessages(llhttpRequests: bytes), bytes)
        }
        tally.check()
    }

    @Test func answersAreReadAsLlhttpReadsThem() async {
        var generator = MessageGenerator(seed: 12)
        var tally = Tally()
        for number in 0..<Self.messages {
            if number % 50 == 0 { await Task.yield() }
            let bytes = generator.response()
            var theirs = ReadMessages(llhttpResponse: bytes)
            let ours = ReadMessages(response: bytes)
            // SwiftNIO does not say what it makes of the connection.
            if !theirs.complete.isEmpty, let read = ours.complete.first {
                theirs.complete[0].keepsAlive = read.keepsAlive
            }
            tally.compare(ours, theirs, bytes)
        }
        tally.check()
    }
}

/// Counts where the two agree and why they do not.
private struct Tally {
    private var agreed = 0
    private var refusedByBoth = 0
    /// How often ours alone refused, by its reason.
    private var stricter: [String: Int] = [:]
    /// How often llhttp alone refused, by its words.
    private var looser: [String: Int] = [:]

    /// Why ours alone refuses what it does.
    private static let reasonsToBeStricter = [
        "missingHost": "RFC 9112 section 3.2 asks for 400",
        "repeatedHost": "so for two of them",
        "badHost": "and for what is no host",
        "hostMismatch": "two parsers could take it for a request to either",
        "badTarget": "bytes beyond ASCII, fragments, users and relative paths are no targets",
        "badStartLine": "one space, one exact version, and a reason without control characters",
        "bareLineFeed": "llhttp passes over some in front of a message",
        "badFieldValue": "control characters, which some parsers end a line at",
        "unsupportedVersion": "only HTTP/1.0 and HTTP/1.1",
        "unsupportedExpectation": "RFC 9110 section 10.1.1 lets it be refused",
        "transferCodingInOldVersion": "HTTP/1.0 has no chunks",
        "badTransferEncoding": "what does not end in one chunked has no known end",
        "unsupportedTransferCoding": "it cannot be undone here",
        "repeatedContentLength": "even where both are the same",
        "badChunkSize": "more than 15 digits",
        "badChunkExtension": "spaces around its signs",
        "badTrailer": "spaces before a colon, folded lines",
        "framingInTrailer": "both framing fields, not the length alone",
    ]

    /// What llhttp alone refuses and ours may read.
    private static let reasonsToBeLooser = [
        "invalid HTTP method": "it has a list of them; here an unknown one is answered with 405",
        "invalid character in content-length header": "one beyond 64 bits; here it meets the limit for bodies with 413",
    ]

    mutating func compare(_ ours: ReadMessages, _ theirs: ReadMessages, _ bytes: [UInt8]) {
        for (index, message) in ours.complete.enumerated() {
            guard index < theirs.complete.count else {
                if !theirs.isHandedOver { noteLooser(theirs.refusal ?? "nothing", bytes) }
                return
            }
            #expect(message == theirs.complete[index], "\(bytes.text.debugDescription)")
        }
        // Behind a message that closes the connection nothing is read.
        if ours.complete.last?.keepsAlive == false || theirs.complete.count == ours.complete.count {
            if ours.refusal != nil, theirs.refusal != nil { refusedByBoth += 1 } else { agreed += 1 }
            return
        }
        stricter[String((ours.refusal ?? "it waits for more").prefix { $0 != "(" }), default: 0] += 1
    }

    private mutating func noteLooser(_ words: String, _ bytes: [UInt8]) {
        looser[words, default: 0] += 1
        #expect(Self.reasonsToBeLooser[words] != nil, "read here, refused there: \(bytes.text.debugDescription)")
    }

    func check() {
        let all = agreed + refusedByBoth + stricter.values.reduce(0, +) + looser.values.reduce(0, +)
        let figures = "agreed \(agreed), both refused \(refusedByBoth), stricter \(stricter), looser \(looser)"
        #expect(agreed > all / 3 && refusedByBoth > all / 20, "\(figures)")
        for reason in stricter.keys { #expect(Self.reasonsToBeStricter[reason] != nil, "\(figures)") }
        print(figures)
    }
}
