// SPDX-License-Identifier: MIT

public import Logging
public import SMMFControlHTTP
public import SMMFCore

/// Tells a remote controller again and again that this worker is there, so that a controller that comes back finds it.
public struct ControllerMembership: Sendable {
    private let worker: any WorkerAgent
    private let address: Endpoint
    private let controller: ControlClient
    private let clock: any Clock<Duration>
    private let logger: Logger

    private static let interval: Duration = .seconds(2)

    /// Creates a membership; `address` is where the controller reaches this worker's control API.
    public init(
        worker: any WorkerAgent,
        address: Endpoint,
        controller: ControlClient,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.worker = worker
        self.address = address
        self.controller = controller
        self.clock = clock
        self.logger = logger
    }

    /// Joins until the task is cancelled; a controller that is away is only worth a word when it goes and comes.
    public func run() async {
        var wasThere: Bool?
        while !Task.isCancelled {
            do {
                var status = try await worker.status()
                status.address = address
                try await controller.send(.put, "/v1/workers/\(PercentCoding.encode(status.id.text))", body: status)
                if wasThere != true {
                    logger.notice("joined the controller", metadata: ["smmf.url": "\(controller.base)"])
                }
                wasThere = true
            } catch {
                if wasThere != false {
                    logger.warning("the controller does not take this worker", metadata: ["smmf.error": "\(error)"])
                }
                wasThere = false
            }
            guard (try? await clock.sleep(for: Self.interval)) != nil else { return }
        }
    }
}
