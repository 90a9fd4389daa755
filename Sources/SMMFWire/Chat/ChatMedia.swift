// SPDX-License-Identifier: MIT

/// An image, document or recording in a message.
public struct ChatMedia: Sendable, Hashable {
    /// Where its bytes are.
    public enum Source: Sendable, Hashable {
        case url(String)
        /// Base64.
        case data(String)
        /// Text of a document, as it stands.
        case text(String)
        /// The provider's id of a file that was sent to it before.
        case reference(String)
    }

    public var source: Source
    /// Such as `image/png`.
    public var mimeType: String?
    public var name: String?

    /// Creates a medium.
    public init(_ source: Source, mimeType: String? = nil, name: String? = nil) {
        self.source = source
        self.mimeType = mimeType
        self.name = name
    }

    /// Reads an address, which may be a `data:` one that holds the bytes.
    public init(url: String, name: String? = nil) {
        let parts = url.hasPrefix("data:") ? url.dropFirst(5).split(separator: ",", maxSplits: 1) : []
        if parts.count == 2, parts[0].hasSuffix(";base64") {
            let type = parts[0].dropLast(7).prefix { $0 != ";" }
            self.init(.data(String(parts[1])), mimeType: type.isEmpty ? nil : String(type), name: name)
        } else {
            self.init(.url(url), name: name)
        }
    }

    /// The address, as a `data:` one for bytes; nil for a provider's own file.
    public var url: String? {
        switch source {
        case .url(let url): url
        case .data(let data): "data:\(mimeType ?? "application/octet-stream");base64,\(data)"
        case .text, .reference: nil
        }
    }

    /// The kind behind the slash of the type, such as `png`.
    var format: String? { mimeType?.split(separator: "/").last.map(String.init) }
}
