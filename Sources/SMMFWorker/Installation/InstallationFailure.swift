// SPDX-License-Identifier: MIT

import SMMFCore

/// Reads from the output of `venv` and `pip` why they failed.
enum InstallationFailure {
    private static let causes: [(signs: [String], code: SMMFError.Code, message: String, nextStep: String)] = [
        (
            ["no space left on device", "disk quota exceeded"],
            .storage, "The disk is full.", "Free some space where the data folder is, then run it again."
        ),
        (
            [
                "name resolution", "name or service not known", "connection refused", "network is unreachable",
                "timed out", "dns error",
                "error sending request",
            ],
            .unavailable, "PyPI cannot be reached.",
            "Check the network, or set HTTPS_PROXY, or PIP_INDEX_URL (for uv UV_INDEX_URL), then run it again."
        ),
        (
            ["do not match the hashes", "hash mismatch"],
            .upstreamFailed, "A file is not the one that the pinned set names, so nothing was installed.",
            "Run it again; if that happens again, a mirror or proxy serves other files."
        ),
        (
            ["no matching distribution found", "no solution found", "could not find a version", "has no wheels"],
            .unavailable,
            "PyPI has no such version of the engine, or no build of it for this machine's Python and processor.",
            "Give another with --version, or install the engine by yourself and put its program on PATH."
        ),
        (
            ["ensurepip is not available", "no module named ensurepip"],
            .unavailable, "Python cannot make environments.", "Run `apt-get install -y python3-venv`."
        ),
        (
            ["permission denied"],
            .storage, "The data folder cannot be written.", "Check who owns it, then run it again."
        ),
    ]

    /// The error for a command that failed, from the last lines of its output.
    static func read(_ lines: [String], command: [String]) -> SMMFError {
        let lowered = lines.map { $0.lowercased() }
        for cause in causes where lowered.contains(where: { line in cause.signs.contains { line.contains($0) } }) {
            return SMMFError(cause.code, cause.message, blame: .gateway, nextStep: cause.nextStep)
        }
        let last = lines.last { $0.lowercased().hasPrefix("error") } ?? lines.last ?? "it said nothing"
        return SMMFError(
            .unavailable,
            "`\(command.prefix(4).joined(separator: " "))` failed: \(last)",
            blame: .gateway,
            nextStep: "Run it by hand to see more."
        )
    }
}
