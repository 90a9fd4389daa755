// SPDX-License-Identifier: MIT

/// A request for a page of a simulated engine, and what the page may use.
struct SimulatorCall: Sendable {
    let script: SimulatorScript
    let stats: SimulatorStats
    let planner: SimulatorPlanner
    /// Without its query.
    let path: String
    let body: [UInt8]
    /// Changes the script for what comes after.
    let change: @Sendable (_ body: @Sendable (inout SimulatorScript) -> Void) -> Void

    /// The page of a JSON text.
    func json(_ text: String) -> SimulatorPlan { planner.page(200, text) }

    /// The token numbers of a text, always the same ones, with the text of each.
    static func tokens(of text: String) -> [(id: UInt64, text: Substring)] {
        SimulatorText.words(of: text).map { (SimulatorText.hash($0) % 32_000, $0) }
    }

    /// The page that `make` makes of the body, or the refusal of a body that cannot be read.
    func reading(
        _ make: (SimulatorBody) throws(SimulatorRequest.Invalid) -> String
    ) -> SimulatorPlan {
        do throws(SimulatorRequest.Invalid) {
            return json(try make(try SimulatorBody.read(body)))
        } catch {
            return planner.error(error.status, error.message)
        }
    }
}
