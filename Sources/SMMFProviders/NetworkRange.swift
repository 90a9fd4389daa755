// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A kind of network that is not the open internet.
public enum NetworkRange: String, Sendable, Hashable, CaseIterable {
    /// This machine.
    case loopback
    /// A company's or a home's own (RFC 1918, RFC 4193, RFC 6598).
    case privateUse = "private"
    /// This wire alone; clouds serve machines their secrets there (RFC 3927, RFC 4291).
    case linkLocal = "link-local"
    /// Addresses of no host: unspecified, multicast, reserved, or numbers in a form that readers understand differently.
    case unusable

    /// In a sentence.
    var title: String {
        switch self {
        case .loopback: "this machine"
        case .privateUse: "a private network"
        case .linkLocal: "link-local addresses, which hold machines' secrets in clouds"
        case .unusable: "addresses that no host can have"
        }
    }

    /// The network of a host that is written as a number; nil for names and for the open internet.
    public init?(host: String) {
        if host == "localhost" || host.hasSuffix(".localhost") {
            self = .loopback
            return
        }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            guard let range = Self.four(withUnsafeBytes(of: &four) { Array($0) }) else { return nil }
            self = range
            return
        }
        var six = in6_addr()
        if inet_pton(AF_INET6, host, &six) == 1 {
            guard let range = Self.six(withUnsafeBytes(of: &six) { Array($0) }) else { return nil }
            self = range
            return
        }
        // `127.1`, `2130706433` and `0x7f000001` are addresses to some and names to others.
        let last = host.split(separator: ".").last ?? ""
        let isNumber = last.first?.isNumber == true && last.allSatisfy { $0.isHexDigit || $0 == "x" || $0 == "X" }
        guard isNumber || host.contains("%") else { return nil }
        self = .unusable
    }

    private static func four(_ bytes: [UInt8]) -> NetworkRange? {
        switch (bytes[0], bytes[1]) {
        case (0, _), (224..., _): .unusable
        case (127, _): .loopback
        case (169, 254): .linkLocal
        case (10, _), (172, 16...31), (192, 168), (100, 64...127): .privateUse
        default: nil
        }
    }

    private static func six(_ bytes: [UInt8]) -> NetworkRange? {
        if bytes[0..<10].allSatisfy({ $0 == 0 }) {
            if bytes[10] == 0xFF, bytes[11] == 0xFF { return four(Array(bytes[12...])) }
            if bytes[10...].allSatisfy({ $0 == 0 }) { return .unusable }
            if bytes[10..<15].allSatisfy({ $0 == 0 }), bytes[15] == 1 { return .loopback }
        }
        // The translation of IPv4 (RFC 6052).
        if bytes[0..<12].elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) {
            return four(Array(bytes[12...]))
        }
        if bytes[0] == 0xFF { return .unusable }
        if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return .linkLocal }
        return bytes[0] & 0xFE == 0xFC ? .privateUse : nil
    }
}
