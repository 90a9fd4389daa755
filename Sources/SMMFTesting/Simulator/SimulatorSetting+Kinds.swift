// SPDX-License-Identifier: MIT

/// The kinds of settings: how a text becomes a value of each type.
extension SimulatorSetting {
    typealias Field<Value> = any WritableKeyPath<SimulatorScript, Value> & Sendable

    static func number(
        _ name: String,
        _ meaning: String,
        _ field: Field<Int>,
        from least: Int = 0,
        scope: Scope = .request
    ) -> SimulatorSetting {
        SimulatorSetting(name, meaning, scope: scope) { script, text in
            guard let number = natural(text), number >= least else { return false }
            script[keyPath: field] = number
            return true
        }
    }

    static func flag(
        _ name: String,
        _ meaning: String,
        _ field: Field<Bool>,
        scope: Scope = .request
    ) -> SimulatorSetting {
        SimulatorSetting(name, meaning, scope: scope) { script, text in
            guard let flag = Bool(text) else { return false }
            script[keyPath: field] = flag
            return true
        }
    }

    static func milliseconds(_ name: String, _ meaning: String, _ field: Field<Duration>) -> SimulatorSetting {
        SimulatorSetting(name, meaning) { script, text in
            guard let number = Double(text), number >= 0, number <= 86_400_000 else { return false }
            script[keyPath: field] = .microseconds(Int64(number * 1_000))
            return true
        }
    }

    static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String,
        _ field: Field<Value>,
        scope: Scope = .request
    ) -> SimulatorSetting {
        SimulatorSetting(name, list(Value.self), scope: scope) { script, text in
            guard let value = Value(rawValue: text) else { return false }
            script[keyPath: field] = value
            return true
        }
    }

    static func optional<Value: Sendable>(
        _ name: String,
        _ meaning: String,
        _ field: Field<Value?>,
        scope: Scope = .request,
        read: @escaping @Sendable (String) -> Value?
    ) -> SimulatorSetting {
        SimulatorSetting(name, meaning, scope: scope) { script, text in
            let value = text == "none" ? nil : read(text)
            guard value != nil || text == "none" else { return false }
            script[keyPath: field] = value
            return true
        }
    }

    static func texts(_ name: String, _ meaning: String, _ field: Field<[String]>) -> SimulatorSetting {
        SimulatorSetting(name, meaning, scope: .engine) { script, text in
            let parts = text.split(separator: ",").map(String.init)
            guard !parts.isEmpty else { return false }
            script[keyPath: field] = parts
            return true
        }
    }

    static func sizes(_ name: String, _ meaning: String, _ field: Field<[Int]>) -> SimulatorSetting {
        SimulatorSetting(name, meaning) { script, text in
            let parts = text == "none" ? [] : text.split(separator: ",")
            let sizes = parts.compactMap { natural(String($0)) }
            guard sizes.count == parts.count, sizes.allSatisfy({ $0 > 0 }), text == "none" || !parts.isEmpty else {
                return false
            }
            script[keyPath: field] = sizes
            return true
        }
    }

    static func list<Value: RawRepresentable<String> & CaseIterable>(_: Value.Type) -> String {
        Value.allCases.map(\.rawValue).joined(separator: "|")
    }

    @Sendable static func natural(_ text: String) -> Int? {
        Int(text).flatMap { (0...100_000_000).contains($0) ? $0 : nil }
    }
}
