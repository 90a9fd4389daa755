// SPDX-License-Identifier: MIT

/// A plug-in broke a law of its kind.
public struct LawViolation: Error, CustomStringConvertible {
    /// The law, as a sentence, and what was seen instead.
    public let description: String

    /// Describes a violation.
    public init(_ description: String) { self.description = description }

    /// Throws unless the law holds.
    static func unless(_ holds: Bool, _ description: @autoclosure () -> String) throws(LawViolation) {
        guard holds else { throw LawViolation(description()) }
    }
}
