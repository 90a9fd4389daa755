// SPDX-License-Identifier: MIT

/// One value of a ``SimulatorScript`` under the name it has in flags, headers and `POST /sim/script`.
public struct SimulatorSetting: Sendable {
    /// Where a setting may be given.
    public enum Scope: Sendable, Hashable {
        /// At start and at `/sim/script` only.
        case engine
        /// Also as a header of one request.
        case request
    }

    /// A setting that does not exist or does not take the text it was given.
    public struct Refused: Error, Sendable, Hashable, CustomStringConvertible {
        /// Names the setting, the text and what would do.
        public let description: String
    }

    /// As in `--set NAME=VALUE`, `x-sim-NAME: VALUE` and `{"NAME": VALUE}`.
    public let name: String
    /// What it does and which values it takes, in one line.
    public let meaning: String
    /// Where it may be given.
    public let scope: Scope
    private let read: @Sendable (inout SimulatorScript, String) -> Bool

    init(
        _ name: String,
        _ meaning: String,
        scope: Scope = .request,
        read: @escaping @Sendable (inout SimulatorScript, String) -> Bool
    ) {
        self.name = name
        self.meaning = meaning
        self.scope = scope
        self.read = read
    }

    /// Sets this value of `script` from text.
    public func apply(_ text: String, to script: inout SimulatorScript) throws(Refused) {
        guard read(&script, text) else {
            throw Refused(description: "\(name) cannot be \"\(text)\": it is \(meaning)")
        }
    }

    /// The setting with this name.
    public static func named(_ name: String) throws(Refused) -> SimulatorSetting {
        guard let setting = byName[name] else {
            let names = all.map(\.name).joined(separator: ", ")
            throw Refused(description: "there is no setting \"\(name)\"; there are \(names)")
        }
        return setting
    }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
}

extension SimulatorScript {
    /// Sets the value with this name; see ``SimulatorSetting/all`` for names and texts.
    public mutating func set(_ name: String, to text: String) throws(SimulatorSetting.Refused) {
        try SimulatorSetting.named(name).apply(text, to: &self)
    }
}
