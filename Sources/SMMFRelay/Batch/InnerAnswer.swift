// SPDX-License-Identifier: MIT

/// A whole answer to a request that the relay made to itself.
struct InnerAnswer: Sendable {
    var status: Int
    var contentType: String
    var retryAfter: String?
    /// The instance that answered.
    var instance: String?
    var body: [UInt8]
}
