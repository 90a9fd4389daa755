// SPDX-License-Identifier: MIT

import SMMFWire

/// One request as a line of the access log: what was asked of whom, how it ended, and how long it took. It has nothing
/// of the request's content, and no secret.
struct AccessRecord {
    /// How a request ended, as the log names it.
    enum Outcome: String {
        case completed, cancelled, broken, failed, refused
        /// It was refused before it reached a model.
        case rejected
        /// The API Server answered by itself.
        case local
    }

    /// The parts of a request to a model, in nanoseconds.
    struct Timing {
        /// From the whole request read to its bytes sent, without `connect`: holding, trying others, and our own part.
        var queue: Int64?
        /// In line for a connection.
        var connect: Int64 = 0
        /// From the whole request read to the first byte of its answer.
        var firstByte: Int64?
    }

    /// Nanoseconds since 1970 when the request was read.
    var time: Int64
    var id: RequestID
    var client: String
    var method: StaticString = ""
    /// Without its query, which may hold a secret.
    var path = ""
    var model: String?
    var instance: String?
    /// Who asked, where keys are in use.
    var key: String?
    /// What the client got; 499 when it left before there was anything.
    var status: Int
    var outcome: Outcome
    var bytesIn: Int
    var bytesOut: Int
    var usage: SettledUsage?
    var attempts = 0
    var timing: Timing?
    var total: Int64
    /// The part of all requests that the log has, where that is not all.
    var sample: Double?

    /// A path longer than this is cut.
    static let pathLimit = 256

    /// Appends the line, with its line feed. `calendar` writes its time.
    func append(to output: inout [UInt8], _ calendar: inout WallTime) {
        let path = path.utf8.count > Self.pathLimit ? String(path.prefix(Self.pathLimit)) : path
        let texts = client.utf8.count + path.utf8.count + room(model) + room(instance) + room(key)
        output.append(addingCapacity: 1024 + 6 * texts) { append(to: &$0, path, &calendar) }
    }

    private func room(_ text: String?) -> Int { text?.utf8.count ?? 0 }

    private func append(to output: inout OutputSpan<UInt8>, _ path: String, _ calendar: inout WallTime) {
        output.append(literal: "{\"time\":\"")
        calendar.append(time, to: &output)
        output.append(literal: "\",\"id\":\"")
        id.append(to: &output)
        output.append(literal: "\",\"client\":")
        output.append(json: client)
        output.append(literal: ",\"method\":\"")
        output.append(literal: method)
        output.append(literal: "\",\"path\":")
        output.append(json: path)
        append(",\"model\":", model, to: &output)
        append(",\"instance\":", instance, to: &output)
        append(",\"key\":", key, to: &output)
        append(",\"status\":", status, to: &output)
        append(",\"outcome\":", outcome.rawValue, to: &output)
        append(",\"bytes_in\":", bytesIn, to: &output)
        append(",\"bytes_out\":", bytesOut, to: &output)
        if let usage { append(usage, to: &output) }
        if attempts > 0 { append(",\"attempts\":", attempts, to: &output) }
        if let timing {
            if let queue = timing.queue { append(",\"queue_ms\":", milliseconds: queue, to: &output) }
            append(",\"connect_ms\":", milliseconds: timing.connect, to: &output)
            if let firstByte = timing.firstByte { append(",\"first_byte_ms\":", milliseconds: firstByte, to: &output) }
        }
        append(",\"total_ms\":", milliseconds: total, to: &output)
        if let sample {
            output.append(literal: ",\"sample\":")
            output.append(text: String(sample))
        }
        output.append(literal: "}\n")
    }

    private func append(_ settled: SettledUsage, to output: inout OutputSpan<UInt8>) {
        append(",\"prompt_tokens\":", settled.usage.prompt, to: &output)
        append(",\"completion_tokens\":", settled.usage.completion, to: &output)
        append(",\"cached_tokens\":", settled.usage.cached, to: &output)
        append(",\"reasoning_tokens\":", settled.usage.reasoning, to: &output)
        output.append(literal: settled.isEstimated ? ",\"estimated\":true" : ",\"estimated\":false")
    }

    private func append(_ member: StaticString, _ value: Int, to output: inout OutputSpan<UInt8>) {
        output.append(literal: member)
        output.append(decimal: value)
    }

    private func append(_ member: StaticString, _ value: String?, to output: inout OutputSpan<UInt8>) {
        guard let value else { return }
        output.append(literal: member)
        output.append(json: value)
    }

    private func append(_ member: StaticString, milliseconds nanoseconds: Int64, to output: inout OutputSpan<UInt8>) {
        output.append(literal: member)
        let micros = Int(max(0, nanoseconds) / 1000)
        output.append(decimal: micros / 1000)
        output.append(UInt8(ascii: "."))
        output.append(digits: micros % 1000, count: 3)
    }
}
