// SPDX-License-Identifier: MIT

/// Why an instance is not serving, in words a person can act on.
public struct InstanceFailure: Error, Sendable, Hashable, Codable {
    /// What went wrong; decides whether trying again can help.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case engineMissing = "engine_missing"
        case fileMissing = "file_missing"
        case fileCorrupt = "file_corrupt"
        case unsupportedModel = "unsupported_model"
        /// The model is behind a licence or a token.
        case accessDenied = "access_denied"
        /// The model could not be downloaded; the same attempt may succeed later.
        case downloadFailed = "download_failed"
        /// The driver or the device does not do what the engine needs.
        case deviceUnusable = "device_unusable"
        case badArgument = "bad_argument"
        case outOfMemory = "out_of_memory"
        /// Other instances hold what it needs of the machine.
        case resourcesTaken = "resources_taken"
        case diskFull = "disk_full"
        case portInUse = "port_in_use"
        case startTimeout = "start_timeout"
        case unresponsive
        /// It did not give up its memory, or does not say that it did.
        case parkFailed = "park_failed"
        /// It was parked and does not serve again.
        case wakeFailed = "wake_failed"
        case killed
        case exited

        /// True when the same start can only fail again until a person changes something.
        public var isPermanent: Bool {
            switch self {
            case .engineMissing, .fileMissing, .fileCorrupt, .unsupportedModel, .badArgument, .accessDenied,
                .deviceUnusable:
                true
            case .downloadFailed, .outOfMemory, .resourcesTaken, .diskFull, .portInUse, .startTimeout, .unresponsive,
                .parkFailed, .wakeFailed, .killed, .exited:
                false
            }
        }
    }

    public var kind: Kind
    /// One sentence that names the file, flag, size or port.
    public var message: String
    /// What to do about it.
    public var nextStep: String?
    /// The engine's own log lines that show it, oldest first; at most ``evidenceLimit``.
    public var evidence: [String]
    /// The context length that would fit, where the engine's log names one; the next start is made with it.
    public var fittingContext: Int?

    /// The most log lines kept as evidence.
    public static let evidenceLimit = 8

    /// Creates a failure; evidence beyond the limit is cut from the front.
    public init(_ kind: Kind, _ message: String, nextStep: String? = nil, evidence: [String] = []) {
        self.kind = kind
        self.message = message
        self.nextStep = nextStep
        self.evidence = Array(evidence.suffix(Self.evidenceLimit))
    }

    /// The same failure with the model's file, folder or repository in its message, where that is at fault and the
    /// engine's log did not name it.
    public func naming(_ source: String) -> InstanceFailure {
        let blamesSource =
            kind == .fileMissing || kind == .fileCorrupt || kind == .unsupportedModel || kind == .accessDenied
        guard blamesSource, !source.isEmpty, !message.contains(source) else { return self }
        var named = self
        named.message = "\(source): \(message)"
        return named
    }

    /// The failure that made us end a process, with what its output tells: the last lines, and the cause of a start that
    /// ran out of time where they name one.
    func adding(_ told: InstanceFailure) -> InstanceFailure {
        var whole = self
        if evidence.isEmpty { whole.evidence = told.evidence }
        guard kind == .startTimeout, told.kind != .exited, told.kind != .killed else { return whole }
        whole.message += " Its log says: \(told.message)"
        whole.nextStep = told.nextStep ?? nextStep
        return whole
    }
}
