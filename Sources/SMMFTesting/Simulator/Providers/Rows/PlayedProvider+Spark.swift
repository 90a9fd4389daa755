// SPDX-License-Identifier: MIT

import SMMFWire

/// iFlytek's Spark over HTTP: a code in each document, calls as one object, errors with status 200.
extension PlayedProvider {
    private static func wire(reasons: Bool) -> PlayedOpenAI {
        var wire = PlayedOpenAI()
        wire.usage = .finishChunk
        wire.calls = .object
        wire.isTight = true
        wire.hasObject = false
        wire.hasRoleChunk = false
        wire.saysEveryRole = true
        wire.unfinished = nil
        wire.cached = .nowhere
        wire.head = ["code": 0, "message": "Success", "sid": "cha000b000c@dx1"]
        wire.reasoning = reasons ? .member("reasoning_content") : .hidden
        wire.refusals = [
            .outside("temperature", 0...2), .outside("top_k", 1...6), .role("developer"),
        ]
        return wire
    }

    private static let words = PlayedWords(
        [
            .badRequest: .init(200, 10_163, nil, "RequestParamsError: invalid message"),
            .badKey: .init(401, .null, "api_error", "invalid user"),
            .quota: .init(200, 11_201, nil, "AppIdNoAuthError: the daily limit is reached"),
            .rateLimit: .init(200, 11_202, nil, "AppIdQpsOverFlowError"),
            .contentFilter: .init(200, 10_013, nil, "The input has sensitive content"),
            .contextOverflow: .init(200, 10_907, nil, "max token limit exceeded"),
            .overloaded: .init(200, 10_110, nil, "The service is busy, please try again later"),
            .outage: .init(200, 10_012, nil, "EngineInternalError"),
        ],
        body: { entry in
            if entry.status == 401 { return PlayedWords.openAI(entry) }
            return ["code": entry.code, "message": .string(entry.text), "sid": "cha000b000c@dx1"]
        }
    )

    static let spark = PlayedProvider("spark", base: "/v1", wire: wire(reasons: false), words: words)
    /// The family that reasons, at a path of its own.
    static let sparkX = PlayedProvider("spark-x", base: "/v2", wire: wire(reasons: true), words: words)
}
