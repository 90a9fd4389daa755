// SPDX-License-Identifier: MIT

import SMMFControlHTTP
import SMMFCore
import Synchronization

/// One pull at work: connections carry out what the plan says, and everything that changes stands under one lock, bytes
/// on their way to the disk too, so that none is written after its file was begun again.
final class PullSession: Sendable {
    private struct State: Sendable {
        var plan: PullPlan
        var record: PullRecord
        var parts: [Int: PartFile] = [:]
        /// Bytes of a file that its kept plan does not tell of yet.
        var unkept: [Int: Int] = [:]
    }

    private let folder: ModelFolder
    private let client: HubClient
    private let target: PullTarget
    /// The files that are missing, in the plan's order.
    private let files: [HubFile]
    /// Bytes of the wanted files that were here before.
    private let here: Int
    private let total: Int?
    private let onProgress: @Sendable (PullProgress) -> Void
    private let state: Mutex<State>

    /// After so many bytes the plan is kept again: what a killed pull fetches twice at the most, for each connection.
    private static let keepEvery = 8 << 20

    init(
        folder: ModelFolder,
        client: HubClient,
        target: PullTarget,
        record: PullRecord,
        missing: [HubFile],
        all: [HubFile],
        segment: Int,
        onProgress: @escaping @Sendable (PullProgress) -> Void
    ) {
        self.folder = folder
        self.client = client
        self.target = target
        self.onProgress = onProgress
        files = missing
        let plans = missing.map { file -> FilePlan in
            let fresh = FilePlan(path: file.path, identity: file.identity ?? "", size: file.size, segment: segment)
            // Without a digest only the server's word says that a part goes on as it began.
            guard let kept = folder.plan(file.path), kept.continues(fresh), file.digest != nil || kept.validator != nil
            else {
                folder.drop(file.path)
                return fresh
            }
            return kept
        }
        state = Mutex(State(plan: PullPlan(files: plans), record: record))
        let missingPaths = Set(missing.map(\.path))
        here = all.filter { !missingPaths.contains($0.path) }.reduce(0) { $0 + ($1.size ?? 0) }
        total = all.allSatisfy { $0.size != nil } ? all.reduce(0) { $0 + ($1.size ?? 0) } : nil
    }

    /// Bytes that are to come, as far as they are known.
    var remaining: Int {
        state.withLock { $0.plan.files.reduce(0) { $0 + max(0, ($1.size ?? 0) - $1.received) } }
    }

    /// Pulls everything. Throws the first error that trying again does not mend; what is here is kept.
    func run() async throws {
        for (index, file) in state.withLock({ $0.plan.files }).enumerated() where file.isWhole { try finish(index) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(Puller.connections, max(1, segments)) { group.addTask { try await self.work() } }
            // The first error leaves the group, which cancels the others; `waitForAll` would let them finish first.
            while try await group.next() != nil {}
        }
    }

    private var segments: Int { state.withLock { $0.plan.files.reduce(0) { $0 + $1.segments.count } } }

    private func work() async throws {
        while let work = state.withLock({ $0.plan.next() }) {
            try Task.checkCancellation()
            let outcome = try await fetch(work)
            switch state.withLock({ $0.plan.ended(work, outcome) }) {
            case .goOn: continue
            case .check(let file): try finish(file)
            case .fail(let error): throw error
            case .wait(let time):
                report(.waiting, work.file)
                try await client.wait(time)
                state.withLock { $0.plan.giveBack(work) }
            }
        }
    }

    /// Fetches one run of bytes, or as much of it as comes.
    private func fetch(_ work: PullPlan.Work) async throws -> PullPlan.Outcome {
        let (segment, plan) = state.withLock { ($0.plan.segment(work), $0.plan.files[work.file]) }
        guard let segment else { return .ended }
        let file = files[work.file]
        guard let address = target.address(file) else { throw SMMFError(.internal, "\(file.path) makes no address.") }
        let isRange = segment.next > 0 || plan.segments.count > 1
        var fields: [(name: String, value: String)] = []
        if isRange {
            fields.append((name: "Range", value: "bytes=\(segment.next)-\(segment.last.map(String.init) ?? "")"))
            if let validator = plan.validator { fields.append((name: "If-Range", value: validator)) }
        }
        do {
            let answer = try await client.get(address, of: target.hub, fields: fields)
            switch RangeAnswer(
                status: answer.status,
                isRange: isRange,
                start: segment.next,
                size: plan.size,
                validator: plan.validator,
                field: answer.field
            ) {
            case .outcome(let outcome): return outcome
            case .refused(let status, let code):
                var refusal = target.refusal
                refusal.path = file.path
                throw refusal.error(status: status, code: code)
            case .body(let validator):
                guard state.withLock({ $0.plan.note(validator, by: work) }) else { return .changed }
                try await take(answer, for: work)
                return .ended
            }
        } catch let error as SMMFError where error.code == .unavailable {
            return .broken(error.message)
        }
    }

    private func take(_ answer: WideAnswer, for work: PullPlan.Work) async throws {
        defer { try? state.withLock { try keep(work.file, in: &$0) } }
        try await answer.read { bytes in
            let goesOn = try state.withLock { state in
                guard let segment = state.plan.segment(work) else { return false }
                let room = (segment.length ?? HubFile.largestSize) - segment.received
                let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(room))
                try part(work.file, in: &state).write(piece, at: segment.next)
                state.plan.received(piece.count, by: work)
                state.unkept[work.file, default: 0] += piece.count
                if state.unkept[work.file, default: 0] >= Self.keepEvery { try keep(work.file, in: &state) }
                return piece.count == bytes.count
            }
            report(.pulling, work.file)
            return goesOn
        }
    }

    private func keep(_ file: Int, in state: inout State) throws {
        state.unkept[file] = 0
        // Without a digest nothing would find what a power cut took of the bytes that the plan tells of.
        if files[file].digest == nil { try state.parts[file]?.sync() }
        try folder.keep(state.plan.files[file])
    }

    private func part(_ file: Int, in state: inout State) throws -> PartFile {
        if let part = state.parts[file] { return part }
        let part = try PartFile(folder.part(files[file].path).data)
        state.parts[file] = part
        return part
    }

    /// Checks a file that is here to its last byte, and puts it where engines look.
    private func finish(_ index: Int) throws {
        let file = files[index]
        let (part, size) = try state.withLock { state -> (PartFile, Int) in
            let part = try self.part(index, in: &state)
            state.parts[index] = nil
            return (part, state.plan.files[index].size ?? 0)
        }
        try part.finish(size: size)
        report(.checking, index)
        if let digest = file.digest { try check(file, digest) }
        try folder.publish(file.path)
        try state.withLock { state in
            state.record.finish(file.path, size: size)
            try folder.write(state.record)
        }
    }

    private func check(_ file: HubFile, _ digest: FileDigest) throws {
        let place = folder.part(file.path).data
        let found = try Hashes.digest(like: digest, of: place) { _ in try Task.checkCancellation() }
        guard found != digest else { return }
        folder.drop(file.path)
        throw SMMFError(
            .upstreamFailed,
            "\(file.path) is not what \(target.hub?.title ?? "the address") says it is: its digest is "
                + "\(found?.description ?? "unknown") and should be \(digest). What came was removed.",
            blame: .provider,
            nextStep: "Pull it again; if that happens again, a mirror or proxy serves another file."
        )
    }

    private func report(_ state: PullProgress.State, _ file: Int) {
        let received = self.state.withLock { $0.plan.received }
        onProgress(PullProgress(state: state, file: files[file].path, received: here + received, total: total))
    }
}
