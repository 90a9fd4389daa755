// SPDX-License-Identifier: MIT

/// Every provider; the law tests run over this list, and a new one is a row in one of its parts.
public enum Providers {
    /// All of them.
    public static let all: [Provider] = world + china + native + local

    /// The provider with this name.
    public static func named(_ name: String) -> Provider? { all.first { $0.name == name } }
}
