// SPDX-License-Identifier: MIT

/// The pass over a request body behind ``RequestPeek``.
struct RequestScan {
    private var walker: JSONWalker
    /// One bit for each member met.
    private var seen: UInt16 = 0
    private var result: RequestPeek

    init(_ count: Int, depthLimit: Int) {
        walker = JSONWalker(end: count, depthLimit: depthLimit, checksText: true)
        result = RequestPeek(model: JSONText(range: 0..<0, isEscaped: false))
    }

    mutating func run(_ bytes: Span<UInt8>, shape: BodyShape) throws(RequestProblem) -> RequestPeek {
        do {
            guard try walker.peek(bytes) == ASCII.openBrace else {
                try walker.skipValue(bytes)
                try walker.finish(bytes)
                throw RequestProblem.notAnObject
            }
            try walker.open(bytes)
            result.usagePlace = .newMember(at: walker.position)
            var isFirst = true
            while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
                if let member = RequestMember(key, in: bytes) {
                    try read(member, bytes, shape: shape)
                } else {
                    try walker.skipValue(bytes)
                }
            }
            try walker.finish(bytes)
        } catch let problem as JSONProblem {
            throw .json(problem)
        } catch let problem as RequestProblem {
            throw problem
        } catch {
            throw .notAnObject
        }
        try checkPresence(shape)
        if shape == .modelOnly || shape == .object { result.input = 0..<bytes.count }
        return result
    }

    private func checkPresence(_ shape: BodyShape) throws(RequestProblem) {
        func require(_ member: RequestMember) throws(RequestProblem) {
            if seen & 1 << UInt16(member.rawValue) == 0 { throw .missing(.member(member)) }
        }
        if shape != .object { try require(.model) }
        switch shape {
        case .messages: try require(.messages)
        case .prompt: try require(.prompt)
        case .input, .turns: try require(.input)
        case .modelOnly, .object, .form: break
        case .documents:
            try require(.query)
            try require(.documents)
        }
    }

    private mutating func read(_ member: RequestMember, _ bytes: Span<UInt8>, shape: BodyShape) throws {
        let bit: UInt16 = 1 << UInt16(member.rawValue)
        guard seen & bit == 0 else { throw RequestProblem.repeated(.member(member)) }
        seen |= bit
        switch (member, shape) {
        // A body whose model stands in the path may have a member of that name that means something else.
        case (.model, .object): try walker.skipValue(bytes)
        case (.model, _): result.model = try filledString(bytes, .member(.model))
        case (.stream, _): result.streams = try boolean(bytes, .member(.stream)) ?? false
        case (.streamOptions, _): try readOptions(bytes)
        case (.maxTokens, _), (.maxCompletionTokens, _), (.maxOutputTokens, .turns):
            if let count = try count(bytes, .member(member)) {
                result.maxTokens = min(count, result.maxTokens ?? count)
            }
        case (.encodingFormat, .input): try readFormat(bytes)
        case (.dimensions, .input):
            result.vectors.dimensions = try count(bytes, .member(member))
            if result.vectors.dimensions == 0 { throw RequestProblem.wrong(.member(member), .positiveCount) }
        case (.top, .documents): result.top = try count(bytes, .member(member))
        case (.messages, .messages): try readMessages(bytes)
        case (.prompt, .prompt), (.input, .input), (.input, .turns): result.input = try text(bytes, member)
        case (.query, .documents): _ = try filledString(bytes, .member(.query))
        case (.documents, .documents): result.input = try filledArray(bytes, member)
        default: try walker.skipValue(bytes)
        }
    }

    private mutating func readFormat(_ bytes: Span<UInt8>) throws {
        if try walker.peek(bytes) == UInt8(ascii: "n") { return try walker.literal(bytes, "null") }
        guard try walker.peek(bytes) == ASCII.quote else {
            throw RequestProblem.wrong(.member(.encodingFormat), .vectorFormat)
        }
        switch try walker.string(bytes).decoded(in: bytes) {
        case "float": break
        case "base64": result.vectors.isBase64 = true
        default: throw RequestProblem.wrong(.member(.encodingFormat), .vectorFormat)
        }
    }

    private mutating func filledString(_ bytes: Span<UInt8>, _ field: RequestProblem.Field) throws -> JSONText {
        guard try walker.peek(bytes) == ASCII.quote else { throw RequestProblem.wrong(field, .string) }
        let text = try walker.string(bytes)
        guard !text.range.isEmpty else { throw RequestProblem.wrong(field, .filledString) }
        return text
    }

    /// A boolean, or nil for null.
    private mutating func boolean(_ bytes: Span<UInt8>, _ field: RequestProblem.Field) throws -> Bool? {
        switch try walker.peek(bytes) {
        case UInt8(ascii: "t"):
            try walker.literal(bytes, "true")
            return true
        case UInt8(ascii: "f"):
            try walker.literal(bytes, "false")
            return false
        case UInt8(ascii: "n"):
            try walker.literal(bytes, "null")
            return nil
        default: throw RequestProblem.wrong(field, .boolean)
        }
    }

    /// A whole number, or nil for null; beyond nine quintillion it counts as the largest one.
    private mutating func count(_ bytes: Span<UInt8>, _ field: RequestProblem.Field) throws -> Int? {
        let byte = try walker.peek(bytes)
        if byte == UInt8(ascii: "n") {
            try walker.literal(bytes, "null")
            return nil
        }
        guard ASCII.isDigit(byte) else { throw RequestProblem.wrong(field, .count) }
        let digits = try walker.number(bytes)
        var value = 0
        for index in digits {
            guard ASCII.isDigit(bytes[index]) else { throw RequestProblem.wrong(field, .count) }
            value = value > (Int.max - 9) / 10 ? Int.max : value * 10 + Int(bytes[index] - ASCII.zero)
        }
        return value
    }

    private mutating func readOptions(_ bytes: Span<UInt8>) throws {
        let byte = try walker.peek(bytes)
        if byte == UInt8(ascii: "n") {
            let start = walker.position
            try walker.literal(bytes, "null")
            result.usagePlace = .options(start..<walker.position)
            return
        }
        guard byte == ASCII.openBrace else { throw RequestProblem.wrong(.member(.streamOptions), .object) }
        try walker.open(bytes)
        let inside = walker.position
        var isFirst = true
        var value: Range<Int>?
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            guard isIncludeUsage(key, bytes) else {
                try walker.skipValue(bytes)
                continue
            }
            guard value == nil else { throw RequestProblem.repeated(.includeUsage) }
            _ = try walker.peek(bytes)
            let start = walker.position
            result.includesUsage = try boolean(bytes, .includeUsage) ?? false
            value = start..<walker.position
        }
        result.usagePlace = value.map { .value($0) } ?? .newOption(at: inside, isOnly: isFirst)
    }

    private func isIncludeUsage(_ key: JSONText, _ bytes: Span<UInt8>) -> Bool {
        key.isEscaped ? key.decoded(in: bytes) == "include_usage" : bytes.matches(key.range, "include_usage")
    }

    private mutating func readMessages(_ bytes: Span<UInt8>) throws {
        let problem = RequestProblem.wrong(.member(.messages), .filledArray)
        guard try walker.peek(bytes) == ASCII.openBracket else { throw problem }
        let start = walker.position
        try walker.open(bytes)
        var isFirst = true
        var count = 0
        while try walker.nextElement(bytes, isFirst: &isFirst) {
            try readMessage(bytes, count)
            count += 1
        }
        guard count > 0 else { throw problem }
        result.messageCount = count
        result.input = start..<walker.position
    }

    private mutating func readMessage(_ bytes: Span<UInt8>, _ index: Int) throws {
        guard try walker.peek(bytes) == ASCII.openBrace else { throw RequestProblem.wrong(.message(index), .object) }
        try walker.open(bytes)
        var isFirst = true
        var hasRole = false
        while let key = try walker.nextKey(bytes, isFirst: &isFirst) {
            let isRole = key.isEscaped ? key.decoded(in: bytes) == "role" : bytes.matches(key.range, "role")
            guard isRole else {
                try walker.skipValue(bytes)
                continue
            }
            _ = try filledString(bytes, .role(index))
            hasRole = true
        }
        guard hasRole else { throw RequestProblem.missing(.role(index)) }
    }

    private mutating func filledArray(_ bytes: Span<UInt8>, _ member: RequestMember) throws -> Range<Int> {
        let problem = RequestProblem.wrong(.member(member), .filledArray)
        guard try walker.peek(bytes) == ASCII.openBracket else { throw problem }
        let start = walker.position
        try walker.open(bytes)
        var isFirst = true
        while try walker.nextElement(bytes, isFirst: &isFirst) { try walker.skipValue(bytes) }
        guard !isFirst else { throw problem }
        return start..<walker.position
    }

    private mutating func text(_ bytes: Span<UInt8>, _ member: RequestMember) throws -> Range<Int> {
        switch try walker.peek(bytes) {
        case ASCII.quote: return try walker.string(bytes).quoted
        case ASCII.openBracket: break
        default: throw RequestProblem.wrong(.member(member), .text)
        }
        do {
            return try filledArray(bytes, member)
        } catch RequestProblem.wrong {
            throw RequestProblem.wrong(.member(member), .text)
        }
    }
}
