// SPDX-License-Identifier: MIT

import SMMFCore

/// Why a server does not give what was asked for, in words that a person can act on.
struct HubRefusal: Sendable {
    /// Where it was asked; an address of its own when nil.
    var hub: Hub?
    /// The repository or address, as it may be shown.
    var place: String
    /// The repository's name, for the page of it.
    var name: String
    var revision: String?
    var path: String?
    var hasToken: Bool
    /// A page for people at the hub.
    var page: @Sendable (String) -> String

    /// The error for a status; `code` is Hugging Face's `X-Error-Code`.
    func error(status: Int, code: String?) -> SMMFError {
        guard let hub else { return plain(status) }
        switch (status, code) {
        case (_, "GatedRepo"): return closed(hub)
        // Without a word of the hub's it is its storage that refuses, which knows nothing of accounts.
        case (403, _) where hub == .modelScope || code != nil: return closed(hub)
        case (_, "RevisionNotFound"):
            return SMMFError(
                .notFound,
                "\(place) has no revision \(revision ?? "").",
                field: "source",
                nextStep: "See what it has at \(page(name))."
            )
        case (_, "EntryNotFound"): return missing
        case (401, _) where hasToken && code != "RepoNotFound":
            return SMMFError(
                .unauthorized,
                "\(hub.title) does not take the token in \(hub.tokenVariable).",
                nextStep: "Make a new one at \(page(Self.tokenPage(hub)))."
            )
        case (401, _), (404, _):
            guard path == nil || status == 401 else { return missing }
            let isPrivate = hasToken ? "the token may not see it" : "it is private"
            return SMMFError(
                status == 401 ? .unauthorized : .notFound,
                "\(hub.title) has no repository \(name), or \(isPrivate).",
                field: "source",
                nextStep: hasToken
                    ? "Correct the name, or use a token of an account that has access."
                    : "Correct the name; for one that is private or gated set \(hub.tokenVariable) to a token from "
                        + "\(page(Self.tokenPage(hub)))."
            )
        default: return plain(status)
        }
    }

    private var missing: SMMFError {
        SMMFError(
            .notFound,
            "\(place) has no file \(path ?? "").",
            field: "source",
            nextStep: "It may have been renamed a moment ago; pull it again."
        )
    }

    private func closed(_ hub: Hub) -> SMMFError {
        let terms = "Ask for access at \(page(name))"
        let token = "set \(hub.tokenVariable) to a token of that account (\(page(Self.tokenPage(hub))))"
        return SMMFError(
            .forbidden,
            hasToken
                ? "\(place) is gated, and the account of the token in \(hub.tokenVariable) has no access to it."
                : "\(place) is gated: its owner gives access to accounts.",
            nextStep: hasToken ? "\(terms) with that account, then pull it again." : "\(terms), then \(token)."
        )
    }

    private func plain(_ status: Int) -> SMMFError {
        switch status {
        case 404, 410: SMMFError(.notFound, "\(place) is not there (status \(status)).", field: "source")
        case 401, 403: SMMFError(.forbidden, "\(place) may not be read (status \(status)).", field: "source")
        case 429:
            SMMFError(.limited, "\(place): the server has no time now (status 429).", nextStep: "Pull it again later.")
        default:
            SMMFError(.upstreamFailed, "\(place) was answered with status \(status).", blame: .provider)
        }
    }

    private static func tokenPage(_ hub: Hub) -> String {
        hub == .huggingFace ? "settings/tokens" : "my/myaccesstoken"
    }
}
