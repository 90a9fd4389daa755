// SPDX-License-Identifier: MIT

/// What a played provider has counted, to be compared with what its clients and a gateway between them counted.
public struct ProviderReport: Sendable, Hashable, Codable {
    /// Tokens in sum.
    public struct Usage: Sendable, Hashable, Codable {
        /// Of all requests that were taken on, broken off ones too.
        public var prompt: Int
        /// Sent by now.
        public var completion: Int
    }

    /// All requests that were answered or are being answered, errors included; pages such as lists of models are not.
    public var requests: Int
    /// Answered to the end; errors are not among them.
    public var finished: Int
    /// Left by the client, or broken off by a fault.
    public var aborted: Int
    /// Answered with an error.
    public var errors: Int
    public var usage: Usage

    init(_ stats: SimulatorStats, errors: Int) {
        requests = stats.started
        self.errors = errors
        finished = max(0, stats.finished - errors)
        aborted = stats.cancelled + stats.faulted
        usage = Usage(prompt: stats.promptTokens, completion: stats.tokens)
    }

    /// As it stands at `GET /sim/report`.
    var json: String {
        #"{"requests":\#(requests),"finished":\#(finished),"aborted":\#(aborted),"errors":\#(errors),"#
            + #""usage":{"prompt":\#(usage.prompt),"completion":\#(usage.completion)}}"#
    }
}
