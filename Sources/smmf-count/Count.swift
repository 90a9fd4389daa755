// SPDX-License-Identifier: MIT

import CSMMFCount
import SMMFWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Does the data plane's own work a given number of times, so that `tools/count` can have its instructions counted:
/// `smmf-count json N` for requests with one answer, `smmf-count stream N` for streams of 64 tokens, `smmf-count tokens N`
/// for tokens in the middle of a stream, `smmf-count one-key N` and `many-keys N` for the admission of requests with one
/// of 1 and of 10,000 API keys. `smmf-count allocations` prints how often memory was asked for.
@main struct Count {
    static func main() throws {
        let arguments = CommandLine.arguments
        let times = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 0
        switch arguments.dropFirst().first {
        case "json": try run(times, Messages.request(stream: false), Messages.json)
        case "stream": try run(times, Messages.request(stream: true), Messages.stream)
        case "tokens": try runTokens(times)
        case "one-key": try runAdmission(times, keys: 1)
        case "many-keys": try runAdmission(times, keys: 10_000)
        case "allocations": try countAllocations()
        default:
            print("usage: smmf-count json N | stream N | tokens N | one-key N | many-keys N | allocations")
            exit(2)
        }
    }

    private static func run(_ times: Int, _ request: [UInt8], _ answer: [[UInt8]]) throws {
        var exchange = try Exchange()
        for _ in 0..<times { try exchange.run(request, answer) }
        print("checksum \(exchange.checksum)")
    }

    private static func runTokens(_ times: Int) throws {
        var exchange = try Exchange()
        try exchange.run(Messages.request(stream: true), Messages.stream)
        var framing = BodyScanner(.chunked)
        let tokens = (0..<10).map { Messages.token($0) }
        for number in 0..<times { try exchange.relay(tokens[number % 10], &framing) }
        print("checksum \(exchange.checksum)")
    }

    private static func runAdmission(_ times: Int, keys: Int) throws {
        var admission = try Admission(keys: keys)
        for number in 0..<times { try admission.run(number) }
        print("checksum \(admission.checksum)")
    }

    private static func countAllocations() throws {
        guard smmf_allocations() >= 0 else { return print("allocations cannot be counted on this system") }
        var exchange = try Exchange()
        let request = Messages.request(stream: false)
        let json = Messages.json
        let stream = Messages.stream
        // Buffers grow to their size first.
        for _ in 0..<3 {
            try exchange.run(request, stream)
            try exchange.run(request, json)
        }
        let times = 100
        let jsons = try allocations { for _ in 0..<times { try exchange.run(request, json) } }
        let streams = try allocations { for _ in 0..<times { try exchange.run(request, stream) } }
        var framing = BodyScanner(.chunked)
        let tokens = (0..<10).map { Messages.token($0) }
        for token in tokens { try exchange.relay(token, &framing) }
        let inTokens = try allocations {
            for _ in 0..<1_000 { for token in tokens { try exchange.relay(token, &framing) } }
        }
        var admission = try Admission(keys: 100)
        try admission.run(0)
        let admissions = try allocations { for number in 0..<1_000 { try admission.run(number) } }
        print("json-allocations \(jsons / times)")
        print("stream-allocations \(streams / times)")
        print("ten-thousand-tokens-allocations \(inTokens)")
        print("thousand-admissions-allocations \(admissions)")
    }

    private static func allocations(_ work: () throws -> Void) rethrows -> Int {
        let before = smmf_allocations()
        try work()
        return smmf_allocations() - before
    }
}
