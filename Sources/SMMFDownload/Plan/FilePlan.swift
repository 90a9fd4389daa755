// SPDX-License-Identifier: MIT

/// What is here and what remains of one file, as a value that is kept beside the part.
struct FilePlan: Sendable, Hashable, Codable {
    /// A run of bytes that one connection fetches, from its start on.
    struct Segment: Sendable, Hashable, Codable {
        var start: Int
        /// Bytes in all; nil for a file whose size nobody told.
        var length: Int?
        var received = 0

        var isWhole: Bool { length == received }
        /// The next byte that is missing.
        var next: Int { start + received }
        /// The last byte that belongs to it.
        var last: Int? { length.map { start + $0 - 1 } }
    }

    var path: String
    /// What tells this content from another: a digest, or what the server says of its version. Parts of another content
    /// are of no use.
    var identity: String
    var size: Int?
    /// The strong ETag, or the date, of the content that the part is of; nil until an answer brought one.
    var validator: String?
    var segments: [Segment]

    /// Bytes of one segment at the least.
    static let usualSegment = 64 << 20
    /// Segments of one file at the most: each of them asks the hub, which counts its callers' requests.
    private static let segmentLimit = 8

    init(path: String, identity: String, size: Int?, segment: Int = usualSegment) {
        self.path = path
        self.identity = identity
        self.size = size
        segments = Self.segments(size, segment)
    }

    /// One for a small file or one of unknown size, else pieces of that size or larger ones.
    private static func segments(_ size: Int?, _ segment: Int) -> [Segment] {
        guard let size, size > segment else { return [Segment(start: 0, length: size)] }
        let length = max(segment, size / segmentLimit + 1)
        return stride(from: 0, to: size, by: length).map { Segment(start: $0, length: min(length, size - $0)) }
    }

    var received: Int { segments.reduce(0) { $0 + $1.received } }
    var isWhole: Bool { segments.allSatisfy(\.isWhole) }

    /// Forgets what is here. A server that gives no ranges gives the file in one run.
    mutating func restart(inOneRun: Bool) {
        validator = nil
        guard inOneRun else {
            for index in segments.indices { segments[index].received = 0 }
            return
        }
        segments = [Segment(start: 0, length: size)]
    }

    /// Whether a plan that was read from a disk makes sense and is of this content.
    func continues(_ wanted: FilePlan) -> Bool {
        guard path == wanted.path, identity == wanted.identity, size == wanted.size, !segments.isEmpty else {
            return false
        }
        var next = 0
        for segment in segments {
            guard segment.start == next, segment.received >= 0,
                segment.received <= segment.length ?? HubFile.largestSize
            else { return false }
            guard let length = segment.length else { return segments.count == 1 && size == nil }
            guard length >= 0, length <= HubFile.largestSize else { return false }
            next += length
        }
        return next == size
    }
}
