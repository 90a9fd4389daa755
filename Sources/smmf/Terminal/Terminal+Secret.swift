// SPDX-License-Identifier: MIT

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Terminal {
    /// Asks a person for a line that is not shown while it is typed; nil where nobody sits at standard input, or who does
    /// gave up.
    static func askSecret(_ question: String) -> String? {
        var usual = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &usual) == 0 else { return nil }
        var silent = usual
        // Without signals too: a Ctrl-C would leave a terminal behind that shows nothing any more.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
            writeError("\n")
        }
        writeError(question)
        guard let line = readLine(strippingNewline: true), !line.contains("\u{3}") else { return nil }
        return line
    }
}
