// SPDX-License-Identifier: MIT

/// What an engine needs to know to plan a start.
public struct EngineLaunch: Sendable, Hashable {
    public var assignment: InstanceAssignment
    /// The loopback port to listen on.
    public var port: Int
    /// The program found for the engine, by ``EngineDistribution``.
    public var program: EngineProgram
    /// A key that only the worker and the API Server know, where the engine should ask for one.
    public var apiKey: String?

    /// Creates the facts for a start.
    public init(assignment: InstanceAssignment, port: Int, program: EngineProgram, apiKey: String? = nil) {
        self.assignment = assignment
        self.port = port
        self.program = program
        self.apiKey = apiKey
    }
}

/// The program that runs an engine on this machine.
public enum EngineProgram: Sendable, Hashable {
    /// A program of the user's own, by absolute path.
    case executable(String)
    /// An environment that `smmf engine install` made, by absolute path of its folder.
    case environment(String)
    /// The engine brings none: the deployment names its command itself.
    case none
}

/// The process to start.
public struct LaunchPlan: Sendable, Hashable {
    /// The program by absolute path, then its arguments.
    public var arguments: [String]
    /// Variables beside the worker's own few.
    public var environment: [String: String]
    /// Answers 200 when the model is loaded.
    public var readyPath: String
    /// Answers with text for ``Engine/load(from:)``; nil where the engine has none.
    public var loadPath: String?
    /// The model's name that the engine knows, in requests: the public one, or the source where the engine takes no name.
    public var servedName: String
    /// Whether the engine's `/v1/models` has the served name; where it lists something else, the list is not asked.
    public var isListed: Bool
    /// The words that the engine speaks for the model's kind.
    public var dialect: Dialect
    /// Inputs of one embedding or rerank request that the engine takes; any number when nil.
    public var batchLimit: Int?
    /// With so many requests at the engine at once, further small embedding requests are better put together; nil where
    /// it was not measured to gain.
    public var gatherAbove: Int?
    /// How the process gives its memory up and takes it back; nil where it was not asked for or the engine cannot.
    public var parking: ParkingPlan?

    /// Creates a plan.
    public init(
        arguments: [String],
        environment: [String: String] = [:],
        readyPath: String = "/health",
        loadPath: String? = nil,
        servedName: String,
        isListed: Bool = true,
        dialect: Dialect = .openAI,
        batchLimit: Int? = nil,
        gatherAbove: Int? = nil,
        parking: ParkingPlan? = nil
    ) {
        self.arguments = arguments
        self.environment = environment
        self.readyPath = readyPath
        self.loadPath = loadPath
        self.servedName = servedName
        self.isListed = isListed
        self.dialect = dialect
        self.batchLimit = batchLimit
        self.gatherAbove = gatherAbove
        self.parking = parking
    }
}

/// How an engine comes to a machine.
public struct EngineDistribution: Sendable, Hashable {
    /// Programs to look for on PATH, best first.
    public var executables: [String]
    /// Python packages with exact versions, for an environment of its own; empty where there is none.
    public var pythonPackages: [String]
    /// The whole set that the packages bring, with the digest of every file, in the words of pip's requirements files;
    /// empty where nothing is pinned beyond the packages themselves.
    public var pins: String
    /// Why the engine cannot run on this machine, however it is installed; nil where it can.
    public var obstacle: String?
    /// Requirements that stand in for those of the packages, in the words of `uv pip install --override`.
    public var overrides: [String]
    /// Python packages that are added to the others without what they ask for.
    public var barePackages: [String]
    /// Packages that are to be found although they came under another name: the name, and the version that they show.
    public var aliases: [String: String]
    /// Files that the environment needs beside its packages: name and content.
    public var files: [String: String]
    /// The version that names the environment's folder.
    public var version: String
    /// True when a deployment brings its own command, so nothing needs to be found.
    public var isBringYourOwn: Bool

    /// Creates a description.
    public init(
        executables: [String] = [],
        pythonPackages: [String] = [],
        pins: String = "",
        obstacle: String? = nil,
        overrides: [String] = [],
        barePackages: [String] = [],
        aliases: [String: String] = [:],
        files: [String: String] = [:],
        version: String = "",
        isBringYourOwn: Bool = false
    ) {
        self.executables = executables
        self.pythonPackages = pythonPackages
        self.pins = pins
        self.obstacle = obstacle
        self.overrides = overrides
        self.barePackages = barePackages
        self.aliases = aliases
        self.files = files
        self.version = version
        self.isBringYourOwn = isBringYourOwn
    }

    /// Whether `smmf engine install` can make an environment for it.
    public var isInstallable: Bool { !pythonPackages.isEmpty }

    /// The same engine in a version that somebody asks for: its first package in that version, and everything else as
    /// that version asks for it. Nobody has tried that set before.
    ///
    /// Throws ``SMMFError`` where the text is no version.
    public func at(version: String) throws(SMMFError) -> EngineDistribution {
        let isVersion = version.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            }
        }
        guard isVersion, version.first?.isNumber == true, version.utf8.count <= 64, isInstallable else {
            throw SMMFError(
                .invalidRequest,
                "\(version.prefix(64)) is not a version.",
                field: "--version",
                nextStep:
                    "Give one of \(pythonPackages.first.map(Self.name) ?? "the package"), such as \(self.version)."
            )
        }
        // The own version is the set that was tried, and both would stand in one folder.
        guard version != self.version else { return self }
        func free(_ packages: [String]) -> [String] { packages.map(Self.name) }
        var other = self
        other.pythonPackages = ["\(Self.name(pythonPackages[0]))==\(version)"] + free(Array(pythonPackages.dropFirst()))
        other.barePackages = free(barePackages)
        other.overrides = free(overrides)
        let own = pythonPackages[0].split(separator: "=").last ?? ""
        other.aliases = aliases.mapValues { $0.replacing(own, with: version) }
        other.pins = ""
        other.version = version
        return other
    }

    private static func name(_ requirement: String) -> String { String(requirement.prefix { $0 != "=" }) }
}

/// How far loading has come.
public struct LoadingProgress: Sendable, Hashable {
    /// 0 to 1, where the line tells.
    public var fraction: Double?
    /// What happens, in a few words.
    public var text: String

    /// Creates progress.
    public init(fraction: Double? = nil, text: String) {
        self.fraction = fraction
        self.text = text
    }
}

/// How a process ended.
public enum ProcessExit: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)
}
