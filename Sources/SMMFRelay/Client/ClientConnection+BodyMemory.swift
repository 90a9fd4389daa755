// SPDX-License-Identifier: MIT

import SMMFWire

/// Room for large request bodies, and for answers that must be gathered, which all connections of a loop share: twenty
/// thousand of the longest length would fill any machine. Small ones are bounded by the number of connections and take no
/// part in this.
extension ClientConnection {
    /// Bodies up to this long need no room of their own.
    static let freeBody = 64 * 1024

    /// Takes room for a body of so many bytes; answers and returns false where there is none.
    func reserveBody(_ bytes: Int) -> Bool {
        guard !takeRoom(bytes) else { return true }
        closesAfterwards = true
        let error = ErrorEnvelope(.server, "Too many large requests are being read here.", code: "overloaded")
        refuse(503, error, fields: [("retry-after", "1")])
        return false
    }

    /// Takes room for so many bytes in all; false where there is none.
    func takeRoom(_ bytes: Int) -> Bool {
        guard bytes > Self.freeBody, bytes > reservedBody else { return true }
        let settings = loop.settings
        guard loop.bodyBytes + bytes - reservedBody <= settings.share(settings.configuration.bodyMemory) else {
            return false
        }
        loop.bodyBytes += bytes - reservedBody
        reservedBody = bytes
        return true
    }

    /// There is no room to gather the answer in.
    func failWithoutRoom() {
        let error = ErrorEnvelope(.server, "Too many large answers are being gathered here.", code: "overloaded")
        fail(503, error, [("retry-after", "1")])
    }

    /// Gives the room back.
    func releaseBody() {
        guard reservedBody > 0 else { return }
        loop.bodyBytes -= reservedBody
        reservedBody = 0
    }
}
