// SPDX-License-Identifier: MIT

import SMMFCore

extension FailureRule {
    /// Causes that the operating system names, in the same words for every engine.
    static let system: [FailureRule] = [
        FailureRule(
            kind: .diskFull,
            signs: ["no space left on device", "disk quota exceeded"],
            message: { _ in "The disk is full." },
            nextStep: "Free some space on the disk that holds the data folder and the model; it starts again by itself."
        ),
        FailureRule(
            kind: .portInUse,
            signs: ["address already in use", "couldn't bind http server socket", "errno 98"],
            message: { line in
                line.text(after: "port: ").map { "The port \($0) is in use by another program." }
                    ?? "The port is in use by another program."
            },
            nextStep: "Nothing to do: the next start picks another port."
        ),
        FailureRule(
            kind: .outOfMemory,
            signs: [
                "out of memory", "std::bad_alloc", "outofmemoryerror", "cannot allocate memory",
                "failed to allocate", "unable to allocate", "memoryerror",
            ],
            message: { _ in "The machine has not enough memory for this model and context length." },
            nextStep: "Lower context or parallel of the deployment, take a smaller model, or free memory."
        ),
    ]
}
