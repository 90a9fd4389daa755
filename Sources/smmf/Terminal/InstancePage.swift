// SPDX-License-Identifier: MIT

import SMMFCore

/// An instance for a person to read.
enum InstancePage {
    static func print(_ description: InstanceDescription) {
        let instance = description.instance
        Page.line("instance", instance.id.text)
        let percent = instance.progress.map { " \(Int($0 * 100)) %" } ?? ""
        Page.line("  state", instance.state.rawValue + percent + (instance.detail.map { ", \($0)" } ?? ""))
        Page.line("  age", Age.text(since: instance.since))
        if let access = instance.access {
            Page.line("  provider", access.provider + (access.key.map { ", key \($0.masked)" } ?? ""))
        } else {
            Page.line("  worker", instance.worker?.text ?? "external")
        }
        if let endpoint = instance.endpoint { Page.line("  endpoint", endpoint.description) }
        if let processID = instance.processID { Page.line("  process", "\(processID)") }
        if !description.command.isEmpty {
            Page.line("  command", description.command.map(quoted).joined(separator: " "))
        }
        for (name, value) in description.environment.sorted(by: { $0.key < $1.key }) {
            Page.line("  environment", "\(name)=\(value)")
        }
        if let load = instance.load { Page.line("  load", text(load)) }
        if let memory = memory(description) { Page.line("  memory", memory) }
        if let allotment = description.allotment { given(allotment, description) }
        if !description.limits.isEmpty, description.allotment == nil {
            Page.line("  limits", text(description.limits))
        }
        Page.line("  generation", "\(instance.generation)")
        Page.line("  restarts", "\(instance.restarts)")
        if !description.logFile.isEmpty { Page.line("  log file", description.logFile) }
        for step in description.history.suffix(shownSteps) {
            Page.line("  since", "\(step.since) \(step.state.rawValue)\(step.detail.map { ", \($0)" } ?? "")")
        }
        guard let failure = instance.failure else { return }
        Page.line("  last failure", failure.message)
        if let nextStep = failure.nextStep { Page.line("  next step", nextStep) }
        for evidence in failure.evidence { Page.line("  log", evidence) }
    }

    private static let shownSteps = 12

    /// What an instance is held to, in the words of a configuration.
    static func text(_ limits: ResourceLimits) -> String {
        [
            limits.memory.map { "memory \($0) MB" }, limits.cores.map { "cores \($0)" },
            limits.devices.map { "devices \($0)" }, limits.niceness.map { "niceness \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    private static func text(_ load: LoadRecord) -> String {
        var parts = ["\(load.running) running", "\(load.waiting) waiting"]
        if let tokens = load.generatedTokens { parts.append("\(tokens) tokens generated") }
        if let use = load.cacheUse { parts.append("\(Int(use * 100)) % of the cache") }
        return parts.joined(separator: ", ")
    }

    private static func memory(_ description: InstanceDescription) -> String? {
        var parts: [String] = []
        if let bytes = description.instance.memory { parts.append("\(bytes >> 20) MB") }
        for (device, bytes) in (description.deviceMemory ?? [:]).sorted(by: { $0.key < $1.key }) {
            parts.append("\(bytes >> 20) MB on card \(device)")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func given(_ allotment: Allotment, _ description: InstanceDescription) {
        if let memory = allotment.memory {
            let keeper =
                switch allotment.memoryGuard {
                case .controlGroup: "of all its processes, kept by a control group"
                case .eachProcess: "of data for each process, as there is no control group to be had"
                case nil: "not kept yet"
                }
            Page.line("  memory limit", "\(memory >> 20) MB \(keeper)")
        }
        if let cores = allotment.cores { Page.line("  cores", CoreRequest.text(cores)) }
        if let devices = allotment.devices {
            Page.line("  devices", devices.map(String.init).joined(separator: ", "))
        }
        if let niceness = allotment.niceness { Page.line("  niceness", "\(niceness)") }
    }

    /// An argument as a shell would take it.
    private static func quoted(_ argument: String) -> String {
        let isPlain = argument.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            default: Array("-_./:=,@%+()".utf8).contains(byte)
            }
        }
        return isPlain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
    }
}
