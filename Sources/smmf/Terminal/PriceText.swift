// SPDX-License-Identifier: MIT

/// Prices for people: dollars for a million tokens of input and of output.
enum PriceText {
    /// `$2.5/10`; empty where there is no price.
    static func text(input: Double?, output: Double?) -> String {
        guard let input, let output else { return "" }
        return "$\(number(input))/\(number(output))"
    }

    /// A number without a needless point.
    static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
