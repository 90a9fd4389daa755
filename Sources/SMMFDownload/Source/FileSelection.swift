// SPDX-License-Identifier: MIT

import SMMFCore

/// Which files of a repository are pulled, as a value.
struct FileSelection: Sendable, Hashable {
    /// The files, in the order of their paths.
    let files: [HubFile]
    /// Whether it is all that engines read of the repository, and not some files that somebody named.
    let isWhole: Bool

    /// The quantizations that are taken where the repository has not the one that is wanted, the nearest first.
    private static let quantizations = [
        "Q8_0", "Q6_K", "Q5_K_M", "Q5_K", "Q5_K_S", "Q5_0", "Q4_K_M", "Q4_K", "Q4_K_S", "MXFP4", "IQ4_XS", "IQ4_NL",
        "Q4_0", "Q4", "Q3_K_M", "Q8", "BF16", "F16", "F32",
    ]
    private static let usualQuantization = "Q4_K_M"
    /// Forms of the same weights beside safetensors, and what no engine reads.
    private static let otherWeights = [
        "*.bin", "*.pt", "*.pth", "*.h5", "*.msgpack", "*.ot", "*.onnx", "*.onnx_data", "*.gguf", "*.tflite", "onnx/*",
        "openvino/*", "original/*", "coreml/*", "consolidated*.safetensors",
    ].map { FilePattern($0) }
    private static let noModel = [".gitattributes", "*.png", "*.jpg", "*.jpeg", "*.gif", "*.mp4", "*.pdf"].map {
        FilePattern($0)
    }

    /// Chooses among a repository's files. `wanted` is a pattern, a quantization, or nil for what engines need.
    ///
    /// `nearest` takes
    /// the nearest quantization. Throws ``SMMFError`` that says what there is, where nothing fits.
    init(_ wanted: String?, nearest: Bool = false, among all: [HubFile], of place: String) throws(SMMFError) {
        let all = all.sorted { $0.path < $1.path }
        guard let wanted else {
            files = Self.needed(all)
            isWhole = true
            guard !files.isEmpty else { throw Self.nothing("has no files", all, place) }
            return
        }
        isWhole = false
        if nearest {
            files = Self.nearest(wanted, all)
        } else if FilePattern.isPattern(wanted) {
            let pattern = FilePattern(wanted)
            files = all.filter { pattern.matches($0.path) }
        } else {
            files = Self.quantized(wanted, all)
        }
        guard !files.isEmpty else { throw Self.nothing("has no file that \(wanted) fits", all, place) }
    }

    /// The quantizations to look for, the best first.
    static func ranking(of wanted: String) -> [String] {
        let wanted = wanted.uppercased()
        guard let place = quantizations.firstIndex(of: wanted) else { return [wanted] }
        let smaller = quantizations[(place + 1)...].prefix { !$0.hasPrefix("Q3") }
        return [wanted] + smaller + quantizations[..<place].reversed()
            + quantizations[(place + 1)...].dropFirst(smaller.count)
    }

    /// The files of the GGUF model in the wanted quantization, or in the nearest that there is: one, or the parts of one.
    static func nearest(_ wanted: String, _ all: [HubFile]) -> [HubFile] {
        for quantization in ranking(of: wanted) {
            let files = quantized(quantization, all)
            if !files.isEmpty { return files }
        }
        return []
    }

    private static func quantized(_ wanted: String, _ all: [HubFile]) -> [HubFile] {
        let models = all.filter { GGUFName($0.path).map { $0.isModel && $0.has(wanted) } ?? false }
        guard let first = models.first.flatMap({ GGUFName($0.path) }) else { return [] }
        return models.filter { GGUFName($0.path)?.stem == first.stem }
    }

    private static func needed(_ all: [HubFile]) -> [HubFile] {
        let files = all.filter { file in !noModel.contains { $0.matches(file.path) } }
        let isSafe = files.contains { $0.path.hasSuffix(".safetensors") && !$0.path.hasPrefix("consolidated") }
        if isSafe { return files.filter { file in !otherWeights.contains { $0.matches(file.path) } } }
        let models = files.filter { GGUFName($0.path)?.isModel == true }
        let isOnlyGGUF = !models.isEmpty && !files.contains { $0.path.hasSuffix(".bin") || $0.path.hasSuffix(".pth") }
        guard isOnlyGGUF else { return files }
        let chosen = nearest(usualQuantization, files)
        guard chosen.isEmpty, let first = GGUFName(models[0].path) else { return chosen }
        return models.filter { GGUFName($0.path)?.stem == first.stem }
    }

    private static func nothing(_ what: String, _ all: [HubFile], _ place: String) -> SMMFError {
        let models = all.map(\.path).filter { $0.hasSuffix(".gguf") || $0.hasSuffix(".safetensors") }
        let shown = (models.isEmpty ? all.map(\.path) : models).prefix(8).joined(separator: ", ")
        return SMMFError(
            .notFound,
            "\(place) \(what).",
            field: "source",
            nextStep: shown.isEmpty ? nil : "It has \(shown)\(max(models.count, all.count) > 8 ? " and more" : "")."
        )
    }
}
