// SPDX-License-Identifier: MIT

/// What the name of a GGUF file tells: `model-Q4_K_M-00001-of-00003.gguf`.
struct GGUFName: Sendable, Hashable {
    /// The path without the ending and without which part it is, so that the parts of one model share it.
    let stem: String
    /// From 1; 1 for a model in one file.
    let part: Int
    /// How many parts there are.
    let count: Int

    /// Nil for other files.
    init?(_ path: String) {
        guard path.lowercased().hasSuffix(".gguf") else { return nil }
        let body = path.dropLast(".gguf".count)
        let pieces = body.split(separator: "-", omittingEmptySubsequences: false)
        if pieces.count > 3, pieces[pieces.count - 2] == "of", let part = Int(pieces[pieces.count - 3]),
            let count = Int(pieces[pieces.count - 1])
        {
            self.count = count
            self.part = part
            stem = pieces.dropLast(3).joined(separator: "-")
        } else {
            part = 1
            count = 1
            stem = String(body)
        }
    }

    private var name: Substring { stem.split(separator: "/").last ?? "" }

    /// Whether it is a model to serve: not what looks at pictures for one, nor what quantizing was steered by.
    var isModel: Bool {
        let name = name.lowercased()
        return !name.contains("mmproj") && !name.contains("imatrix")
    }

    /// Whether the name says this quantization: as a word of its own, so that `Q4_K` is not found in `Q4_K_M`.
    func has(_ quantization: String) -> Bool {
        let name = name.uppercased()
        let wanted = quantization.uppercased()
        guard name.hasSuffix(wanted) else { return false }
        return name.dropLast(wanted.count).last.map { "-._".contains($0) } ?? true
    }
}
