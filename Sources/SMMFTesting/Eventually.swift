// SPDX-License-Identifier: MIT

/// Asks again and again until `condition` is true, for real processes and sockets whose doings cannot be awaited.
///
/// **This is the only place in the test world where real time passes.** Inside one process use ``Gate`` or ``ManualClock``.
/// `description` completes the sentence "did not happen: …". A condition that throws counts as not yet true; its last
/// error is part of ``NotInTime``, which is thrown at the deadline. Cancellation ends the wait with `CancellationError`.
public func eventually(
    _ description: String,
    within limit: Duration = .seconds(30),
    every interval: Duration = .milliseconds(10),
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limit)
    var lastError: (any Error)?
    repeat {
        do {
            if try await condition() { return }
            lastError = nil
        } catch let error as CancellationError {
            throw error
        } catch {
            lastError = error
        }
        try await clock.sleep(for: interval)
    } while clock.now < deadline
    throw NotInTime(awaited: description, limit: limit, lastError: lastError.map { "\($0)" })
}
