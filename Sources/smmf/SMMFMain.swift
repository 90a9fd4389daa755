// SPDX-License-Identifier: MIT

import ArgumentParser
import CSMMFGuard
import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The program. Under the name `__guard` it is the tiny process that every engine runs under, which must start before
/// anything else does.
@main
enum SMMFMain {
    static func main() async {
        if CommandLine.argc > 1, CommandLine.arguments[1] == "__guard" {
            exit(smmf_guard_main(CommandLine.argc, CommandLine.unsafeArgv))
        }
        // A client that hangs up must not end the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try SMMFCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(report(error))
        }
    }

    /// Says what went wrong and returns the exit code: 1 for what happened, 2 for what was asked wrongly.
    private static func report(_ error: any Error) -> Int32 {
        if let error = error as? SMMFError {
            Terminal.error(error.message)
            if let nextStep = error.nextStep, !nextStep.isEmpty { Terminal.hint(nextStep) }
            return error.code == .configuration ? 2 : 1
        }
        if let failure = error as? CommandFailed { return failure.code }
        let code = SMMFCommand.exitCode(for: error)
        let message = SMMFCommand.fullMessage(for: error)
        if code.isSuccess {
            if !message.isEmpty { print(message) }
            return 0
        }
        if error is CleanExit || code == .validationFailure {
            Terminal.writeError(message + "\n")
            return 2
        }
        Terminal.error(message.isEmpty ? "\(error)" : message)
        return 1
    }
}

/// A command that has said everything already.
struct CommandFailed: Error {
    var code: Int32 = 1
}
