// SPDX-License-Identifier: MIT

import Foundation
import SMMFCore
import Testing

@Suite struct RouteSpecTests {
    private let others = ["a", "b", "c"].compactMap { name in
        (try? ModelName(name)).map { Deployment(name: $0, backend: .endpoints([Endpoint(host: "h", port: 1)])) }
    }

    private func read(_ text: String) throws -> RouteSpec {
        try JSONDecoder().decode(RouteSpec.self, from: Data(text.utf8))
    }

    @Test(
        arguments: [
            (#"["a","b"]"#, "a then b"),
            (#"[{"model":"a","weight":9},{"model":"b","weight":1},"c"]"#, "a 9, b 1 then c"),
            (#"{"members":["a","b"],"prefer":"cost"}"#, "a then b, the cheapest first"),
            (
                #"{"members":["a","b"],"spill_above":8}"#,
                "a then b, the next one above 8 requests at an instance"
            ),
        ]
    )
    func `Each form is read, written back and described`(text: String, described: String) throws {
        let spec = try read(text)
        #expect(spec.description == described)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(spec), as: UTF8.self) == text)
    }

    @Test(
        arguments: [
            (#"[]"#, "route", "1 to 32"), (#"["a","a"]"#, "route", "twice"), (#"["x"]"#, "route", "does not exist"),
            (#"[{"model":"a","weight":-1}]"#, "route", "from 0 to 1000"),
            (#"[{"model":"a","weight":0},"b"]"#, "route", "above 0"),
            (#"{"members":["a"],"spill_above":0}"#, "spill_above", "from 1"),
            (#"{"members":[{"model":"a","weight":1},"b"],"spill_above":3}"#, "spill_above", "share"),
            (#"{"members":[{"model":"a","weight":1},"b"],"prefer":"cost"}"#, "prefer", "share"),
        ]
    )
    func `What makes no sense is refused by its field`(text: String, field: String, message: String) throws {
        let route = Deployment(name: try ModelName("r"), backend: .route(try read(text)))
        let error = #expect(throws: SMMFError.self) {
            try route.validate(engines: [], providers: [], policies: [route.policy], others: others)
        }
        #expect(error?.field == field)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }
}
