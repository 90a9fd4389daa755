// SPDX-License-Identifier: MIT

import SMMFCore

/// What remains of a pull and what is done next, as a value: connections ask it for work and tell it how that ended.
struct PullPlan: Sendable {
    /// A run of bytes that a connection fetches now.
    struct Work: Sendable, Hashable {
        let file: Int
        let segment: Int
        /// Which attempt at the file it belongs to; after a restart its bytes are of no use.
        let attempt: Int
    }

    /// How a connection's work ended.
    enum Outcome: Sendable, Hashable {
        /// The body came to its end.
        case ended
        /// The connection broke, or the server was out of order; trying again may help.
        case broken(String)
        /// The server asks to come again later, after so many seconds where it says.
        case busy(status: Int, after: Int?)
        /// The server sent all of the file where a part was asked for: it has no ranges, or the content changed.
        case wholeInstead
        /// The content is not the one that the part is of.
        case changed
    }

    /// What a connection does next.
    enum Decision: Sendable, Hashable {
        /// Take the next work.
        case goOn
        /// All bytes of the file are here.
        case check(file: Int)
        /// Wait, then give the work back.
        case wait(Duration)
        case fail(SMMFError)
    }

    private struct Running: Sendable {
        var attempt = 0
        /// Segments that a connection has.
        var taken: Set<Int> = []
        /// Failures since something came.
        var failures = 0
        var restarts = 0
        /// Bytes since the last failure.
        var since = 0
    }

    private(set) var files: [FilePlan]
    private var running: [Running]

    /// Attempts in a row that bring next to nothing.
    static let failureLimit = 6
    /// Times that a file is begun again.
    static let restartLimit = 2
    /// The longest time that a server may ask us to wait.
    static let longestWait = 300
    /// So many bytes are progress: a server that always breaks after a few must not be asked for ever.
    private static let progress = 64 << 10

    init(files: [FilePlan]) {
        self.files = files
        running = files.map { _ in Running() }
    }

    var received: Int { files.reduce(0) { $0 + $1.received } }

    /// The next run of bytes that nobody fetches, file after file; nil when there is none at the moment.
    mutating func next() -> Work? {
        for file in files.indices {
            for segment in files[file].segments.indices
            where !files[file].segments[segment].isWhole && !running[file].taken.contains(segment) {
                running[file].taken.insert(segment)
                return Work(file: file, segment: segment, attempt: running[file].attempt)
            }
        }
        return nil
    }

    /// The segment of a work; nil when the file was begun again meanwhile.
    func segment(_ work: Work) -> FilePlan.Segment? {
        guard running[work.file].attempt == work.attempt else { return nil }
        return files[work.file].segments[work.segment]
    }

    /// Notes bytes that were written. More than belong to the segment must not be.
    mutating func received(_ count: Int, by work: Work) {
        files[work.file].segments[work.segment].received += count
        running[work.file].since += count
    }

    /// Notes what the server says of the content's version; false when it said something else before.
    mutating func note(_ validator: String?, by work: Work) -> Bool {
        // A late answer to an attempt that was begun again says nothing of this one; its bytes are dropped as well.
        guard let validator, running[work.file].attempt == work.attempt else { return true }
        if let known = files[work.file].validator { return known == validator }
        files[work.file].validator = validator
        return true
    }

    /// Takes the end of a work and decides what comes next.
    mutating func ended(_ work: Work, _ outcome: Outcome) -> Decision {
        let file = work.file
        guard running[file].attempt == work.attempt else { return .goOn }
        let isWhole = files[file].segments[work.segment].isWhole
        switch outcome {
        case .ended: return close(work)
        // What broke after the last byte did no harm.
        case .broken where isWhole, .busy where isWhole: return close(work)
        case .broken(let why): return retry(file, why, nil)
        case .busy(let status, let after): return retry(file, "status \(status)", after)
        case .wholeInstead: return restart(file, inOneRun: true)
        case .changed: return restart(file, inOneRun: false)
        }
    }

    /// Gives a work back after a wait, so that somebody takes it on; nobody did meanwhile.
    mutating func giveBack(_ work: Work) {
        guard running[work.file].attempt == work.attempt else { return }
        running[work.file].taken.remove(work.segment)
    }

    private mutating func close(_ work: Work) -> Decision {
        let file = work.file
        if files[file].segments[work.segment].length == nil {
            files[file].size = files[file].segments[work.segment].received
            files[file].segments[work.segment].length = files[file].size
        }
        guard files[file].segments[work.segment].isWhole else { return retry(file, "it ended too early", nil) }
        running[file].failures = 0
        running[file].taken.remove(work.segment)
        // Others may have their last byte and not their body's end; the last one to end has the file checked.
        return files[file].isWhole && running[file].taken.isEmpty ? .check(file: file) : .goOn
    }

    private mutating func retry(_ file: Int, _ why: String, _ after: Int?) -> Decision {
        let path = files[file].path
        if running[file].since >= Self.progress { running[file].failures = 0 }
        running[file].since = 0
        running[file].failures += 1
        let failures = running[file].failures
        if let after, after > Self.longestWait {
            return .fail(
                SMMFError(
                    .limited,
                    "The server asks to come again in \(after) s for \(path).",
                    nextStep: "Pull it again then; what is here is kept."
                )
            )
        }
        guard failures < Self.failureLimit else {
            return .fail(
                SMMFError(
                    .unavailable,
                    "\(path) could not be pulled in \(failures) attempts: \(why).",
                    blame: .provider,
                    nextStep: "Check the network and pull it again; what is here is kept."
                )
            )
        }
        return .wait(.seconds(after ?? min(30, 1 << (failures - 1))))
    }

    private mutating func restart(_ file: Int, inOneRun: Bool) -> Decision {
        running[file].restarts += 1
        guard running[file].restarts <= Self.restartLimit else {
            return .fail(
                SMMFError(
                    .upstreamFailed,
                    inOneRun
                        ? "\(files[file].path) is sent from its start each time: the server gives no ranges, or it changes."
                        : "\(files[file].path) changes on the server while it is pulled.",
                    blame: .provider,
                    nextStep: "Pull it again in a while."
                )
            )
        }
        files[file].restart(inOneRun: inOneRun)
        running[file].attempt += 1
        running[file].taken = []
        return .goOn
    }
}
