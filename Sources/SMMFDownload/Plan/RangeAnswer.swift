// SPDX-License-Identifier: MIT

/// What the head of an answer means for the bytes that were asked for, as a value.
enum RangeAnswer: Sendable, Hashable {
    /// The body is what was asked for; `validator` tells its version from others.
    case body(validator: String?)
    /// Not what was asked for: the work ends here.
    case outcome(PullPlan.Outcome)
    /// The server refuses for good.
    case refused(status: Int, code: String?)

    /// Judges an answer to the bytes from `start` on of a file of `size` bytes; `isRange` says whether a range was asked
    /// for, and `validator` what the part is of.
    init(
        status: Int,
        isRange: Bool,
        start: Int,
        size: Int?,
        validator: String?,
        field: (String) -> String?
    ) {
        switch status {
        case 206 where isRange:
            guard let range = ContentRange(field("content-range")), range.start == start else {
                self = .outcome(.broken("the server sent other bytes than were asked for"))
                return
            }
            let found = Self.validator(field)
            let isSameSize = range.total == nil || size == nil || range.total == size
            let isSameVersion = validator == nil || found == nil || found == validator
            self = isSameSize && isSameVersion ? .body(validator: found) : .outcome(.changed)
        case 200 where isRange: self = .outcome(.wholeInstead)
        case 200:
            let length = field("content-length").flatMap { Int($0) }
            let isSameSize = length == nil || size == nil || length == size
            self = isSameSize ? .body(validator: Self.validator(field)) : .outcome(.changed)
        case 416: self = .outcome(.changed)
        case 408, 425, 429, 500...599:
            self = .outcome(.busy(status: status, after: Self.pause(field)))
        default: self = .refused(status: status, code: field("x-error-code"))
        }
    }

    /// Seconds that the server asks to wait: `Retry-After`, or what Hugging Face says of its limit, `"api";r=0;t=55`.
    static func pause(_ field: (String) -> String?) -> Int? {
        if let seconds = field("retry-after").flatMap({ Int($0) }) { return max(0, seconds) }
        let members = field("ratelimit")?.split(separator: ";").map { $0.filter { $0 != " " } } ?? []
        guard members.contains("r=0"), let reset = members.first(where: { $0.hasPrefix("t=") }) else { return nil }
        return Int(reset.dropFirst(2)).map { max(0, $0) }
    }

    /// What `If-Range` may say (RFC 9110, 13.1.5): a strong ETag, else the date.
    static func validator(_ field: (String) -> String?) -> String? {
        if let tag = field("etag"), tag.hasPrefix("\""), tag.utf8.count <= 512 { return tag }
        return field("last-modified").flatMap { $0.utf8.count <= 64 ? $0 : nil }
    }
}

/// A `Content-Range` of bytes (RFC 9110, 14.4).
struct ContentRange: Sendable, Hashable {
    let start: Int
    let last: Int
    let total: Int?

    init?(_ text: String?) {
        guard let text, text.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst("bytes ".count).split(separator: "/")
        let ends = (parts.first ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, ends.count == 2, let start = ends[0], let last = ends[1], start >= 0, start <= last
        else {
            return nil
        }
        let total = Int(parts[1])
        guard parts[1] == "*" || total.map({ $0 > last }) == true else { return nil }
        self.start = start
        self.last = last
        self.total = total
    }
}
