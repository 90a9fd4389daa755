// SPDX-License-Identifier: MIT

/// How a key is shown to a provider.
public enum ProviderAuth: Sendable, Hashable {
    /// There is none; a key that is given all the same goes as `bearer`.
    case none
    /// `Authorization: Bearer KEY`.
    case bearer
    /// In a field of its own.
    case field(String)

    /// The whole field line for a key, which holds no line end.
    func line(_ key: String) -> [UInt8] {
        switch self {
        case .none, .bearer: Array("authorization: Bearer \(key)\r\n".utf8)
        case .field(let name): Array("\(name): \(key)\r\n".utf8)
        }
    }
}
