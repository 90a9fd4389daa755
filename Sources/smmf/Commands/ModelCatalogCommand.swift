// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP

struct ModelCatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Lists models that are known by name, with how to deploy them."
    )

    @Flag(help: "Print JSON for programs.") var json = false

    private struct Entry: Encodable {
        var name: String
        var engines: [String]
        var context: Int
        var source: String
    }

    /// What this build knows; the demo model is the only one that comes with it.
    private static let entries = [
        Entry(name: "demo", engines: ["llama.cpp"], context: 1024, source: "models/demo/smmf-demo.gguf")
    ]

    func run() throws {
        if json {
            return Terminal.write(
                String(decoding: try ControlJSON.encode(Self.entries, pretty: true), as: UTF8.self) + "\n"
            )
        }
        var table = Table("MODEL", "ENGINES", "CONTEXT", "SOURCE")
        for entry in Self.entries {
            table.add(entry.name, entry.engines.joined(separator: ", "), "\(entry.context)", entry.source)
        }
        table.print()
        Terminal.note("Any GGUF file can be deployed: smmf model deploy FILE.gguf --name NAME")
    }
}
