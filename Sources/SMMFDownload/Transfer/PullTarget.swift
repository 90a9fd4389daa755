// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a source was found to have.
struct PullTarget: Sendable {
    var listing: HubListing
    /// Whose credentials go along.
    var hub: Hub?
    var refusal: HubRefusal
    /// Where a file is.
    var address: @Sendable (HubFile) -> URL?
}
