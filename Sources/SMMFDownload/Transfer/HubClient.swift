// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks hubs and plain servers: follows redirects by hand, so that a token stays with the hub that it is for.
struct HubClient: Sendable {
    let http: WideHTTP
    let settings: HubSettings
    let wait: @Sendable (Duration) async throws -> Void

    private static let documentLimit = 64 << 20
    private static let attempts = 5

    /// A GET with the hub's credentials, which no other server gets to see.
    func get(
        _ address: URL,
        of hub: Hub?,
        fields: [(name: String, value: String)] = []
    ) async throws -> WideAnswer {
        var address = address
        var credentials = hub.map { settings.credentials($0) } ?? []
        let plain = [(name: "User-Agent", value: "smmf"), (name: "Accept-Encoding", value: "identity")] + fields
        for _ in 0...Redirect.limit {
            let answer = try await http.get(address, fields: plain + credentials)
            guard [301, 302, 303, 307, 308].contains(answer.status) else { return answer }
            let next = try Redirect(answer.field("location"), from: address)
            // Once away they stay away: whoever leads back may have changed the path.
            if !next.staysAtHome { credentials = [] }
            address = next.address
            _ = try? await answer.bytes(limit: 1 << 16)
        }
        throw SMMFError(
            .upstreamFailed,
            "\(address.host ?? "The server") redirects more than \(Redirect.limit) times.",
            blame: .provider
        )
    }

    /// What a source has, and where each file is.
    func resolve(_ source: PullSource) async throws -> PullTarget {
        switch source.place {
        case .address(let text): try await resolve(text, source)
        case .repository(let hub, let name, let revision): try await resolve(hub, name, revision, source)
        }
    }

    private func resolve(_ hub: Hub, _ name: String, _ revision: String?, _ source: PullSource) async throws
        -> PullTarget
    {
        let wanted = revision ?? hub.usualRevision
        let settings = settings
        let refusal = HubRefusal(
            hub: hub,
            place: source.description,
            name: name,
            revision: wanted,
            hasToken: settings.hasToken(hub),
            page: { settings.page(hub, $0) }
        )
        guard let address = settings.listing(hub, name, revision: wanted) else {
            throw SMMFError(.internal, "\(source) makes no address.")
        }
        let document = try await document(address, of: hub, refusal)
        let listing =
            switch hub {
            case .huggingFace: try HubListing(huggingFace: document)
            case .modelScope: try HubListing(modelScope: document)
            }
        return PullTarget(listing: listing, hub: hub, refusal: refusal) { file in
            settings.file(hub, name, revision: listing.commit ?? wanted, path: file.path)
        }
    }

    /// A single file: one byte of it tells its size and version, whether the server knows ranges or not.
    private func resolve(_ text: String, _ source: PullSource) async throws -> PullTarget {
        guard let address = URL(string: text) else { throw SMMFError(.invalidRequest, "\(source) is not an address.") }
        let refusal = HubRefusal(place: source.description, name: "", hasToken: false) { $0 }
        let answer = try await retrying(refusal) {
            let answer = try await get(address, of: nil, fields: [(name: "Range", value: "bytes=0-0")])
            return (answer, answer)
        }
        let size: Int?
        switch answer.status {
        case 206: size = ContentRange(answer.field("content-range"))?.total
        case 416: size = 0
        default: size = answer.field("content-length").flatMap { Int($0) }
        }
        let file = try HubFile(
            path: PullSource.fileName(address),
            size: size,
            digest: source.digest,
            version: RangeAnswer.validator(answer.field)
        )
        return PullTarget(listing: HubListing(file), refusal: refusal) { _ in address }
    }

    private func document(_ address: URL, of hub: Hub, _ refusal: HubRefusal) async throws -> JSONValue {
        let bytes = try await retrying(refusal) {
            let answer = try await get(address, of: hub)
            return (answer, try await answer.bytes(limit: Self.documentLimit))
        }
        return try ControlJSON.decode(JSONValue.self, from: bytes)
    }

    /// Asks again what a busy or broken server did not answer; what it refuses is thrown.
    private func retrying<Answer>(
        _ refusal: HubRefusal,
        _ body: () async throws -> (WideAnswer, Answer)
    ) async throws -> Answer {
        for attempt in 0..<Self.attempts {
            let isLast = attempt == Self.attempts - 1
            do {
                let (answer, value) = try await body()
                if (200..<300).contains(answer.status) || answer.status == 416 { return value }
                let isBusy = [408, 425, 429].contains(answer.status) || answer.status >= 500
                let after = RangeAnswer.pause(answer.field) ?? 1 << attempt
                guard isBusy, !isLast, after <= PullPlan.longestWait else {
                    throw refusal.error(status: answer.status, code: answer.field("x-error-code"))
                }
                try await wait(.seconds(after))
            } catch let error as SMMFError where error.code == .unavailable && !isLast {
                try await wait(.seconds(1 << attempt))
            }
        }
        throw SMMFError(.unavailable, "\(refusal.place) cannot be reached.", blame: .provider)
    }
}
