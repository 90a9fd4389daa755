// SPDX-License-Identifier: MIT

/// What routing needs to know of a request body, found in one pass that also proves the body to be well-formed JSON.
///
/// The fields follow OpenAI's API for chat completions, completions and embeddings, and the rerank API of Jina and
/// vLLM.
public struct RequestPeek: Sendable, Hashable {
    /// The value of `model`.
    public internal(set) var model: JSONText
    public internal(set) var streams = false
    /// Whether the client asked for a usage event in its stream.
    public internal(set) var includesUsage = false
    /// The smaller of `max_tokens` and `max_completion_tokens`, when given.
    public internal(set) var maxTokens: Int?
    /// `top_n` of a rerank request, when given.
    public internal(set) var top: Int?
    /// What an embedding request asks of its vectors.
    public internal(set) var vectors = VectorWish()
    /// The number of `messages`.
    public internal(set) var messageCount = 0
    /// The place of the input: the whole value of `messages`, `prompt`, `input` or `documents`.
    public internal(set) var input = 0..<0
    /// Whether the body is a form, in which values stand as they are.
    var isForm = false
    /// Where the edit that asks for usage goes.
    var usagePlace = UsagePlace.newMember(at: 0)

    /// How `stream_options.include_usage` stands in the body.
    enum UsagePlace: Sendable, Hashable {
        /// There is no `stream_options`; a member fits at this offset, in front of another one.
        case newMember(at: Int)
        /// `stream_options` is null.
        case options(Range<Int>)
        /// The options have no such member; one fits at this offset.
        case newOption(at: Int, isOnly: Bool)
        /// The member's value.
        case value(Range<Int>)
    }

    /// Reads a body.
    public init(_ bytes: Span<UInt8>, shape: BodyShape, depthLimit: Int) throws(RequestProblem) {
        var scan = RequestScan(bytes.count, depthLimit: depthLimit)
        self = try scan.run(bytes, shape: shape)
    }

    /// Reads a form with files; `fields` are those of `head`, which names the form's boundary once.
    public init(form bytes: Span<UInt8>, _ fields: FieldList, in head: Span<UInt8>) throws(RequestProblem) {
        guard fields.fields.count(where: { $0.id == .contentType }) <= 1 else {
            throw .form("the head has more than one `content-type`")
        }
        guard let type = fields.value(of: .contentType), let boundary = FormScan.boundary(head, type) else {
            throw .form("`content-type` must be multipart/form-data with a boundary")
        }
        var scan = FormScan(boundary: boundary)
        self = try scan.run(bytes)
    }

    init(model: JSONText) { self.model = model }

    /// The edit that makes the upstream report usage at the end of a stream, or nil when it will anyway.
    public var usageEdit: BodyEdit? {
        guard streams, !includesUsage else { return nil }
        switch usagePlace {
        case .newMember(let offset):
            return BodyEdit(offset..<offset, "\"stream_options\":{\"include_usage\":true},")
        case .options(let range):
            return BodyEdit(range, "{\"include_usage\":true}")
        case .newOption(let offset, let isOnly):
            return BodyEdit(offset..<offset, isOnly ? "\"include_usage\":true" : "\"include_usage\":true,")
        case .value(let range):
            return BodyEdit(range, "true")
        }
    }

    /// The edit that puts another model name in the place of the client's.
    public func modelEdit(_ name: String) -> BodyEdit {
        // A body whose model stands in the path has none to rename.
        guard !model.range.isEmpty else { return BodyEdit(range: 0..<0, replacement: []) }
        if isForm { return BodyEdit(range: model.range, replacement: Array(name.utf8)) }
        var bytes: [UInt8] = []
        bytes.append(json: name)
        return BodyEdit(range: model.quoted, replacement: bytes)
    }
}
