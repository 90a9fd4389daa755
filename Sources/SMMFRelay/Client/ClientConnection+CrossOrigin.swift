// SPDX-License-Identifier: MIT

import SMMFWire

/// What browsers are told about the pages that may call; nothing happens here unless the configuration names some.
extension ClientConnection {
    /// The request with these bytes has been read: notes what its answer says to the calling page.
    func noteOrigin(in bytes: Span<UInt8>) {
        guard let policy = loop.settings.crossOrigin else { return }
        crossOrigin.removeAll(keepingCapacity: true)
        policy.append(answerTo: parser.fields, in: bytes, to: &crossOrigin)
    }

    /// The request is for OPTIONS of a path with these methods; a browser's preflight question gets its answer.
    func notePreflight(_ allowed: String) {
        guard let policy = loop.settings.crossOrigin, CrossOriginPolicy.isPreflight(parser.fields) else { return }
        let inbound = inbound
        crossOrigin.removeAll(keepingCapacity: true)
        policy.append(
            preflight: parser.fields,
            in: inbound.span,
            allowed: allowed,
            to: &crossOrigin
        )
    }
}
