// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore

/// What a name on the command line means: a model, or one instance of one.
enum ModelTarget {
    case model(ModelStatus)
    case instance(Instance)

    /// Finds out; throws what the controller says of an unknown model.
    static func find(_ name: String, _ client: ControlClient) async throws -> ModelTarget {
        do {
            return .model(try await client.call(.get, ModelCommand.path(name)))
        } catch let error as SMMFError where error.code == .notFound || error.code == .invalidRequest {
            let instances: [Instance] = try await client.call(.get, "/v1/instances")
            guard let instance = instances.first(where: { $0.id.text == name && $0.worker != nil }) else { throw error }
            return .instance(instance)
        }
    }

    /// The path of an instance in the controller's API.
    static func path(_ id: InstanceID) -> String { "/v1/instances/\(PercentCoding.encode(id.text))" }
}

extension WaitOptions {
    /// Gives an order to an instance and waits until it is carried out.
    func follow(
        _ order: InstanceOrder,
        to instance: Instance,
        _ client: ControlClient,
        _ options: ControlOptions
    ) async throws {
        let path = ModelTarget.path(instance.id)
        try await client.send(.post, "\(path)/\(order.rawValue)")
        let start = ContinuousClock.now
        var line = ProgressLine()
        defer { line.finish() }
        var last: Instance? = instance
        while !noWait {
            last = try await Self.look(path, client)
            if Self.isDone(order, before: instance, now: last) { break }
            if let failure = last?.failure, last?.state == .failed, failure.kind.isPermanent, order != .offline {
                line.finish()
                throw SMMFError(.unavailable, "\(instance.id) failed: \(failure.message)", nextStep: failure.nextStep)
            }
            guard start.duration(to: .now) < .seconds(timeout) else {
                throw SMMFError(
                    .timedOut,
                    "\(instance.id) is \(last?.state.rawValue ?? "gone") after \(timeout) s.",
                    nextStep: "Look with smmf model describe \(instance.id)."
                )
            }
            line.show("\(instance.id): \(last?.state.rawValue ?? "gone")\(last?.detail.map { ", \($0)" } ?? "")")
            try await Task.sleep(for: .milliseconds(100))
        }
        line.finish()
        let state =
            noWait
            ? "told to \(order == .online || order == .offline ? "go \(order)" : order.rawValue)"
            : last?.state.rawValue ?? "gone"
        if options.json { return try options.printJSON(["instance": instance.id.text, "state": state]) }
        print("\(instance.id) is \(state).")
    }

    private static func look(_ path: String, _ client: ControlClient) async throws -> Instance? {
        do {
            let description: InstanceDescription = try await client.call(.get, path)
            return description.instance
        } catch let error as SMMFError where error.code == .notFound {
            return nil
        }
    }

    private static func isDone(_ order: InstanceOrder, before: Instance, now: Instance?) -> Bool {
        guard let now else { return true }
        return switch order {
        case .restart: now.state == .ready && now.processID != before.processID
        case .drain: false
        case .offline: now.state == .stopped
        case .online, .wake: now.state == .ready
        case .park: now.state == .parked
        }
    }
}
