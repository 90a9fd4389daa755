// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The body of `POST /sim/script`: an object of setting names and values, `{"tokens":64,"fault":"reset"}`.
///
/// Lists of numbers or texts may be arrays, and null is "none". `"reset":true` first goes back to the script of the start.
struct SimulatorScriptPatch: Sendable, Hashable {
    private struct Value: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                text = "none"
            } else if let flag = try? container.decode(Bool.self) {
                text = "\(flag)"
            } else if let number = try? container.decode(Int.self) {
                text = "\(number)"
            } else if let number = try? container.decode(Double.self) {
                text = "\(number)"
            } else if let numbers = try? container.decode([Int].self) {
                text = numbers.isEmpty ? "none" : numbers.map(String.init).joined(separator: ",")
            } else if let texts = try? container.decode([String].self) {
                text = texts.joined(separator: ",")
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    let isReset: Bool
    let values: [String: String]

    init(_ body: some Collection<UInt8>) throws(SimulatorSetting.Refused) {
        let decoded: [String: Value]
        do {
            decoded = try JSONDecoder().decode([String: Value].self, from: Data(body))
        } catch {
            throw SimulatorSetting.Refused(description: "the script must be an object of names and values: \(error)")
        }
        var values = decoded.mapValues(\.text)
        isReset = values.removeValue(forKey: "reset") == "true"
        self.values = values
    }

    /// The script after this change.
    func applied(to script: SimulatorScript, start: SimulatorScript) throws(SimulatorSetting.Refused) -> SimulatorScript
    {
        var changed = isReset ? start : script
        for (name, text) in values.sorted(by: { $0.key < $1.key }) {
            try changed.set(name, to: text)
        }
        return changed
    }
}
