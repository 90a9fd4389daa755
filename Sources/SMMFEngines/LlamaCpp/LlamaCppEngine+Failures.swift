// SPDX-License-Identifier: MIT

import SMMFCore

extension LlamaCppEngine {
    /// What llama.cpp's log says about a start that failed, the true cause before its consequences. Texts as of the
    /// wheel that we install, and of llama-server since 2024.
    static let failureRules: [FailureRule] = [
        FailureRule(
            kind: .fileMissing,
            signs: ["(no such file or directory)", "no such file or directory", "failed to open gguf file"],
            message: { "The model file \($0.firstQuoted.map { "\($0) " } ?? "")cannot be opened." },
            nextStep: "Put the file there, or change source of the deployment, then restart the model.",
            unless: ["error while loading shared libraries", "can't open file"]
        ),
        FailureRule(
            kind: .fileCorrupt,
            signs: [
                "data is not within the file bounds", "corrupted or incomplete", "unexpectedly reached end of file",
            ],
            message: { _ in "The model file is cut off or damaged." },
            nextStep: "Download or export the file again and compare its size, then restart the model."
        ),
        FailureRule(
            kind: .fileCorrupt,
            signs: ["invalid magic", "failed to read magic", "bad magic"],
            message: { _ in "The model file is not a GGUF file." },
            nextStep: "Name a .gguf file as source of the deployment, or use an engine that reads this format."
        ),
        FailureRule(
            kind: .unsupportedModel,
            signs: ["unknown model architecture", "unknown pre-tokenizer type", "unsupported model architecture"],
            message: { line in
                let name = line.firstQuoted.map { " \($0)" } ?? ""
                return "This version of llama.cpp does not know the model's architecture\(name)."
            },
            nextStep: "Install a newer llama.cpp, or take a model of an architecture that it knows."
        ),
        FailureRule(
            kind: .badArgument,
            signs: [
                "error: invalid argument", "error while handling argument", "unrecognized arguments",
                "error: argument ", "error: the following arguments are required", "error: unknown argument",
            ],
            message: { line in
                "llama.cpp refuses an argument: \(line.text(after: "error: ") ?? line)".asSentence
            },
            nextStep: "Correct arguments of the deployment."
        ),
        FailureRule(
            kind: .engineMissing,
            signs: ["error while loading shared libraries", "no module named", "can't open file"],
            message: { line in "llama.cpp's installation is damaged: \(line)".asSentence },
            nextStep: "Run `smmf engine install llama.cpp` again, or repair the llama-server on PATH."
        ),
    ]
}
