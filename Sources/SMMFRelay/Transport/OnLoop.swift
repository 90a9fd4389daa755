// SPDX-License-Identifier: MIT

/// Carries a value that belongs to one loop through other threads and back; it may be touched on that loop alone.
struct OnLoop<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
