// SPDX-License-Identifier: MIT

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What people read: results on standard output, everything else on standard error, colours only on a terminal.
enum Terminal {
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    private static let hasColours = getenv("NO_COLOR") == nil && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false

    /// Whether a person sees standard output.
    static let isOutputTerminal = isatty(STDOUT_FILENO) == 1
    /// Whether a person sees standard error.
    static let isErrorTerminal = isatty(STDERR_FILENO) == 1

    /// Text in a style, where standard output is a terminal.
    static func styled(_ text: String, _ style: Style, isTerminal: Bool = isOutputTerminal) -> String {
        isTerminal && hasColours ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Writes to standard output at once, behind what `print` has buffered, without a line's end.
    static func write(_ text: String) {
        flush()
        write(text, to: STDOUT_FILENO)
    }

    static func writeError(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Sends on what `print` has buffered: a program that reads our output must see it now.
    static func flush() { fflush(nil) }

    static func error(_ message: String) {
        writeError(styled("smmf:", .red, isTerminal: isErrorTerminal) + " \(message)\n")
    }

    static func hint(_ text: String) { writeError("  \(text)\n") }

    static func note(_ text: String) { writeError(styled(text, .dim, isTerminal: isErrorTerminal) + "\n") }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { unistdWrite(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

private func unistdWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
    Musl.write(descriptor, bytes, count)
    #else
    Darwin.write(descriptor, bytes, count)
    #endif
}
