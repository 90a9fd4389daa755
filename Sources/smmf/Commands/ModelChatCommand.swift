// SPDX-License-Identifier: MIT

import ArgumentParser
import Dispatch
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore
import UnixSignals

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ModelChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talks to a model. Ctrl-C interrupts an answer, Ctrl-D or /exit leaves, /clear forgets.",
        discussion: "Where the API server asks for a key, SMMF_API_KEY has it."
    )

    @Argument(help: "The model's name.") var name: String
    @Option(help: "The API Server's address, host:port or unix:/path (default: SMMF_API or port 8100).") var api:
        String?
    @Option(help: "What the model is told first.") var system: String?
    @Option(help: "How freely it chooses words, from 0 to 2.") var temperature: Double?
    @Argument(help: "Say this, print the answer, and leave.") var message: String?

    func run() async throws {
        var configuration = Configuration()
        try configuration.override(with: ProcessInfo.processInfo.environment)
        let address = try api.map { try ListenAddress($0, field: "--api") } ?? configuration.api
        var chat = ChatSession(
            model: name,
            endpoint: address.endpoint(),
            key: ProcessInfo.processInfo.environment["SMMF_API_KEY"].flatMap { $0.isEmpty ? nil : $0 },
            http: PlainHTTP(http: SharedHTTP()),
            system: system,
            temperature: temperature
        )
        if let message { try await chat.say(message) } else { await converse(&chat) }
    }

    private func converse(_ chat: inout ChatSession) async {
        Terminal.note("Talking to \(name). Ctrl-C interrupts an answer, Ctrl-D leaves, /clear forgets.")
        let interrupts = await UnixSignalsSequence(trapping: .sigint)
        var signals = interrupts.makeAsyncIterator()
        let current = CurrentAnswer()
        let listener = Task {
            while await signals.next() != nil { await current.interrupt() }
        }
        defer { listener.cancel() }
        while let line = await Self.ask() {
            switch line.filter({ !$0.isNewline }) {
            case "": continue
            case "/exit", "/quit": return
            case "/clear": chat.forget()
            case let text:
                // The session is a value: the answer's task works on a copy, and hands it back however it ends.
                let task = Task { [chat] in
                    var session = chat
                    do {
                        try await session.say(text)
                    } catch let error as SMMFError {
                        Terminal.error(error.description)
                    } catch {
                        Terminal.note("\n(interrupted)")
                    }
                    return session
                }
                await current.set(task)
                chat = await task.value
                await current.set(nil)
            }
        }
        print("")
    }

    /// Reads a line on a thread of its own, as reading blocks.
    private static func ask() async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                Terminal.write(Terminal.styled("> ", .bold))
                continuation.resume(returning: readLine(strippingNewline: true))
            }
        }
    }
}

/// The answer that Ctrl-C would interrupt.
private actor CurrentAnswer {
    private var task: Task<ChatSession, Never>?

    func set(_ task: Task<ChatSession, Never>?) { self.task = task }

    func interrupt() {
        if let task { task.cancel() } else { Terminal.note("\n(Ctrl-D leaves)") }
    }
}
