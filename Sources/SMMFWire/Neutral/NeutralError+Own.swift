// SPDX-License-Identifier: MIT

extension NeutralError {
    /// An error of the gateway's own, for clients of any dialect; `status` is what it is answered with.
    public init(own error: ErrorEnvelope, status: Int) {
        let kind: Kind =
            switch status {
            case 401: .unauthorized
            case 403: .forbidden
            case 404: .notFound
            case 429: error.kind == .quota ? .quota : .rateLimit
            case 503, 529: .overloaded
            case 400..<500: .badRequest
            default: .outage
            }
        self.init(kind, error.message, status: status, code: error.code, param: error.param)
        ownStatus = status
    }
}
