// SPDX-License-Identifier: MIT

/// Paths of Gemini's API: `/v1beta/models/MODEL:METHOD`.
enum GeminiPath {
    /// The model and the method that a path names; the model is nil where the path is another one.
    static func parts(_ path: String) -> (model: String?, method: String) {
        guard let start = path.range(of: "models/"), let colon = path.lastIndex(of: ":"), colon >= start.upperBound
        else {
            return (nil, "")
        }
        return (String(path[start.upperBound..<colon]), String(path[path.index(after: colon)...]))
    }

    /// The path for a model and a method.
    static func path(_ model: String, _ method: String) -> String {
        "/v1beta/models/\(PathText.escaped(model)):\(method)"
    }
}

extension String {
    /// The first place of `text`.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
