// SPDX-License-Identifier: MIT

import SMMFCore

extension FailureRule {
    /// Causes that engines in Python tell in the words of their libraries: Hugging Face's hub, safetensors, transformers,
    /// PyTorch and argparse. The true cause stands before its consequences.
    static let python: [FailureRule] = [
        FailureRule(
            kind: .accessDenied,
            signs: [
                "gated repo", "gatedrepoerror", "401 client error", "403 client error", "403 forbidden",
                "401 unauthorized",
            ],
            message: { _ in "The model is gated, or the token for it is missing." },
            nextStep: "Accept the model's licence, and set HF_TOKEN in environment of the deployment."
        ),
        FailureRule(
            kind: .fileMissing,
            signs: [
                "repository not found", "repositorynotfounderror", "hfvalidationerror", "localentrynotfounderror",
                "does not appear to have a file named", "is not a valid model identifier", "filenotfounderror",
                "is not a local folder",
            ],
            message: { _ in "There is no such model folder or repository." },
            nextStep:
                "Correct source of the deployment: a folder on the worker's machine, or owner/name of a repository."
        ),
        FailureRule(
            kind: .downloadFailed,
            signs: [
                "name or service not known", "temporary failure in name resolution", "max retries exceeded",
                "couldn't connect to", "connection aborted", "readtimeouterror", "network is unreachable",
            ],
            message: { _ in "The model could not be downloaded." },
            nextStep: "Check the network, or set HF_ENDPOINT to a mirror; it starts again by itself."
        ),
        FailureRule(
            kind: .fileCorrupt,
            signs: [
                "safetensorerror", "incompletemetadata", "headertoolarge", "incomplete metadata", "unpicklingerror",
            ],
            message: { _ in "The model's weights are cut off or damaged." },
            nextStep: "Download the weights again and compare their sizes, then restart the model."
        ),
        FailureRule(
            kind: .unsupportedModel,
            signs: [
                "does not recognize this architecture", "are not supported for now", "model architectures [",
                "unrecognized model in", "unsupported model type", "model type not supported",
                "unsupported cpu attention configuration", "unknown architecture for",
            ],
            message: { _ in "This version of the engine does not know the model's architecture." },
            nextStep: "Install a newer version of the engine, or choose another one."
        ),
        FailureRule(
            kind: .deviceUnusable,
            signs: [
                "cuda driver version is insufficient", "no kernel image is available", "found no nvidia driver",
                "nccl error", "device-side assert", "no cuda gpus are available", "torch not compiled with cuda",
                "no gpu devices found",
            ],
            message: { "The device cannot be used: \($0.text(after: "Error: ") ?? $0)".asSentence },
            nextStep: "Update the driver, or choose an engine and a build that this machine's hardware can run."
        ),
        FailureRule(
            kind: .badArgument,
            signs: [
                "unrecognized arguments", "error: argument ", "error: the following arguments are required",
                "invalid choice", "value error, ", "no such option", "error: unexpected argument",
                "error: invalid value", "error: unknown flag", "got unexpected extra argument",
            ],
            message: { line in
                let why = line.text(after: "rror: ") ?? line.text(after: "Value error, ") ?? line
                return "The engine refuses an argument: \(why)".asSentence
            },
            nextStep: "Correct the settings and arguments of the deployment."
        ),
        FailureRule(
            kind: .engineMissing,
            signs: ["no module named", "modulenotfounderror", "error while loading shared libraries"],
            message: { "The engine's installation is damaged: \($0)".asSentence },
            nextStep: "Run `smmf engine install` for it again with --again."
        ),
    ]
}
