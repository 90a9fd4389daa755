// SPDX-License-Identifier: MIT

/// What each instance of a deployment may use of its machine; what is nil has no bound.
public struct ResourceLimits: Sendable, Hashable {
    /// Main memory in megabytes, for all processes of the instance.
    public var memory: Int?
    /// Processor cores that it runs on.
    public var cores: CoreRequest?
    /// Graphics cards that it sees.
    public var devices: DeviceRequest?
    /// How much it steps back behind other processes: 0 is as any other, 19 the most.
    public var niceness: Int?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case memory, cores, devices, niceness
    }

    /// Creates limits; without arguments there are none.
    public init(
        memory: Int? = nil,
        cores: CoreRequest? = nil,
        devices: DeviceRequest? = nil,
        niceness: Int? = nil
    ) {
        self.memory = memory
        self.cores = cores
        self.devices = devices
        self.niceness = niceness
    }

    /// Whether nothing is bounded.
    public var isEmpty: Bool { self == ResourceLimits() }
}

extension ResourceLimits: Codable {
    /// Reads limits; unknown members are refused.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            memory: try container.decodeIfPresent(Int.self, forKey: .memory),
            cores: try container.decodeIfPresent(CoreRequest.self, forKey: .cores),
            devices: try container.decodeIfPresent(DeviceRequest.self, forKey: .devices),
            niceness: try container.decodeIfPresent(Int.self, forKey: .niceness)
        )
    }
}

extension ResourceLimits {
    /// Less than this holds no engine.
    private static let leastMemory = 16
    private static let mostMemory = 1 << 26

    /// The variables by which processes are told which cards they see.
    static let deviceVariables = ["CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"]

    /// Checks what no type can; whether the cores and cards exist, only the machine can say.
    func validate(environment: [String: String]) throws(SMMFError) {
        if let memory, !(Self.leastMemory...Self.mostMemory).contains(memory) {
            throw Self.wrong("memory", "must be from \(Self.leastMemory) to \(Self.mostMemory) MB, but is \(memory)")
        }
        if let niceness, !(0...19).contains(niceness) {
            throw Self.wrong("niceness", "must be from 0 to 19, but is \(niceness)")
        }
        try cores?.validate()
        try devices?.validate()
        if devices != nil, let variable = Self.deviceVariables.first(where: { environment[$0] != nil }) {
            throw Self.wrong("devices", "and the variable \(variable) both choose the cards; give one of them")
        }
    }

    static func wrong(_ member: String, _ why: String) -> SMMFError {
        SMMFError(.invalidRequest, "limits.\(member) \(why).", field: "limits.\(member)")
    }
}
