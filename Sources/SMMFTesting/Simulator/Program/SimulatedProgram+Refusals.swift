// SPDX-License-Identifier: MIT

/// The words in which the libraries that read command lines refuse one, and the status with which the program ends.
extension SimulatedProgram {
    private var title: String { ([executable] + words).joined(separator: " ") }

    func refusal(unexpected argument: String) -> Refusal {
        let isFlag = argument.hasPrefix("-")
        return
            switch manner
        {
        case .clap: refused("error: unexpected argument '\(argument)' found")
        case .argparse: refused("\(executable): error: unrecognized arguments: \(argument)")
        case .click where isFlag: refused("Error: No such option: \(argument)")
        case .click: refused("Error: Got unexpected extra argument (\(argument))")
        case .cobra where isFlag: refused("Error: unknown flag: \(argument)")
        case .cobra: refused("Error: unknown command \"\(argument)\" for \"\(executable)\"")
        }
    }

    func refusal(of value: String, for flag: SimulatedFlag) -> Refusal {
        let name = flag.names[0]
        return
            switch manner
        {
        case .clap: refused("error: invalid value '\(value)' for '\(name) <VALUE>'")
        case .argparse: refused("\(title): error: argument \(name): invalid choice: '\(value)'")
        case .click: refused("Error: Invalid value for '\(name)': '\(value)' is not valid.")
        case .cobra: refused("Error: invalid argument \"\(value)\" for \"\(name)\" flag")
        }
    }

    func refusal(withoutValue flag: SimulatedFlag) -> Refusal {
        let name = flag.names[0]
        return
            switch manner
        {
        case .clap: refused("error: a value is required for '\(name) <VALUE>' but none was supplied")
        case .argparse: refused("\(title): error: argument \(name): expected one argument")
        case .click: refused("Error: Option '\(name)' requires an argument.")
        case .cobra: refused("Error: flag needs an argument: \(name)")
        }
    }

    var missingSource: Refusal {
        manner == .argparse
            ? refused("\(title): error: the following arguments are required: model_path")
            : refused("Error: Missing argument 'MODEL'.")
    }

    private func refused(_ line: String) -> Refusal {
        Refusal(lines: ["Usage: \(title) [OPTIONS]", line], exitCode: manner == .cobra ? 1 : 2)
    }
}
