// SPDX-License-Identifier: MIT

/// A place on the internet that has models in repositories.
public enum Hub: String, Sendable, Hashable, Codable, CaseIterable {
    case huggingFace = "hf"
    case modelScope = "ms"

    /// The name that people know it by.
    public var title: String {
        switch self {
        case .huggingFace: "Hugging Face"
        case .modelScope: "ModelScope"
        }
    }

    /// The revision that is meant where nobody names one.
    var usualRevision: String {
        switch self {
        case .huggingFace: "main"
        case .modelScope: "master"
        }
    }

    /// The variable that the token is read from, as the hub's own client does.
    var tokenVariable: String {
        switch self {
        case .huggingFace: "HF_TOKEN"
        case .modelScope: "MODELSCOPE_API_TOKEN"
        }
    }
}
