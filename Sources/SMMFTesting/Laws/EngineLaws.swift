// SPDX-License-Identifier: MIT

public import SMMFCore

/// What every engine must keep to, so that the worker can drive it without knowing it.
///
/// A test runs ``violations(of:)`` over the list of engines and expects nothing.
public struct EngineLaws {
    private let engine: any Engine
    private let distribution: EngineDistribution
    private var found: [String] = []

    private init(_ engine: any Engine) {
        self.engine = engine
        self.distribution = engine.distribution
    }

    /// The laws that an engine breaks, in words; empty for a good one.
    public static func violations(of engine: any Engine) -> [String] {
        var laws = EngineLaws(engine)
        laws.checkDistribution()
        for program in laws.programs {
            laws.checkPlan(program)
            laws.checkSettings(program)
            laws.checkParking(program)
        }
        laws.checkMissingProgram()
        laws.checkReading()
        return laws.found.map { "\(engine.name): \($0)" }
    }

    private mutating func demand(_ isKept: Bool, _ law: @autoclosure () -> String) {
        if !isKept { found.append(law()) }
    }

    // MARK: - Distribution

    private mutating func checkDistribution() {
        let isPlain = engine.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "." || $0 == "-" }
        demand(!engine.name.isEmpty && isPlain, "its name must be lower-case letters, digits, dots and dashes")
        let waysToHaveIt = [!distribution.executables.isEmpty, distribution.isInstallable, distribution.isBringYourOwn]
        demand(waysToHaveIt.contains(true), "there must be a way to have it on a machine")
        for package in distribution.pythonPackages {
            demand(package.contains("=="), "the package \(package) must have an exact version")
        }
        if !distribution.pins.isEmpty { checkPins() }
        if distribution.isInstallable {
            demand((try? distribution.at(version: "99.1").pins) == "", "another version must not be pinned")
            demand(!distribution.version.isEmpty, "an installable engine needs a version that names its environment")
        }
        for name in [distribution.version] + distribution.files.keys.sorted() {
            demand(!name.contains("/") && !name.hasPrefix("."), "\(name) must be a plain file name")
        }
    }

    /// A pinned set names every file by its digest, and has what the engine begins with.
    private mutating func checkPins() {
        let lines = distribution.pins.split(separator: "\n").filter { !$0.hasPrefix("#") }
        for line in lines {
            let digests = line.split(separator: " ").filter { $0.hasPrefix("--hash=sha256:") }
            let areWhole = digests.allSatisfy { $0.utf8.count == "--hash=sha256:".utf8.count + 64 }
            demand(line.contains("==") && !digests.isEmpty && areWhole, "\(line.prefix(60)) must be pinned by digests")
        }
        for package in distribution.pythonPackages {
            let name = package.prefix { $0 != "[" && $0 != "=" }
            let version = package.split(separator: "=").last ?? ""
            let isThere = lines.contains { $0.hasPrefix("\(name)==\(version) ") }
            demand(isThere, "\(package) must be in its pinned set: run tools/pin-engines")
        }
    }

    // MARK: - Plans

    private var programs: [EngineProgram] {
        var programs: [EngineProgram] = []
        if !distribution.executables.isEmpty { programs.append(.executable("/somewhere/program")) }
        if distribution.isInstallable { programs.append(.environment("/somewhere/environment")) }
        if distribution.isBringYourOwn { programs.append(.none) }
        return programs
    }

    /// A launch of the first kind of model that the engine serves.
    private func launch(
        _ program: EngineProgram,
        port: Int,
        change: (inout EngineSpec) -> Void = { _ in }
    ) throws -> EngineLaunch {
        let usable = programs.first ?? program
        let launches = try ModelKind.allCases.map { try launch(usable, port: port, kind: $0, change: { _ in }) }
        let kind = launches.first { (try? engine.plan($0)) != nil }?.assignment.kind ?? .language
        return try launch(program, port: port, kind: kind, change: change)
    }

    private func launch(
        _ program: EngineProgram,
        port: Int,
        kind: ModelKind,
        change: (inout EngineSpec) -> Void
    ) throws -> EngineLaunch {
        let arguments =
            distribution.isBringYourOwn ? ["/own/program", "{port}", "{model}", "{name}"] : ["--more", "arguments"]
        var spec = EngineSpec(
            engine: engine.name,
            source: "/models/source-of-law",
            arguments: arguments,
            environment: ["VARIABLE_OF_LAW": "value"]
        )
        change(&spec)
        return EngineLaunch(
            assignment: InstanceAssignment(
                id: InstanceID("instance-of-law"),
                model: try ModelName("name-of-law"),
                kind: kind,
                spec: spec,
                generation: 1
            ),
            port: port,
            program: program,
            apiKey: "key-of-law"
        )
    }

    private mutating func checkPlan(_ program: EngineProgram) {
        do {
            let plan = try engine.plan(launch(program, port: 45678))
            demand(try engine.plan(launch(program, port: 45678)) == plan, "the same launch must give the same plan")
            demand(try engine.plan(launch(program, port: 45679)) != plan, "another port must give another plan")
            let all = plan.arguments.joined(separator: " ")
            demand(plan.arguments.first?.hasPrefix("/") == true, "the program must have an absolute path, not: \(all)")
            let told = ([all] + plan.environment.values).joined(separator: " ")
            demand(told.contains("45678"), "the port must be told: \(all)")
            demand(all.contains("/models/source-of-law"), "the source must be told: \(all)")
            demand(all.contains(plan.servedName), "the served name must be told: \(all)")
            demand(
                plan.servedName == "name-of-law" || plan.servedName.hasPrefix("/models/source-of-law"),
                "the model must be served under its public name, or its source where the engine takes no name"
            )
            demand(!all.contains("key-of-law"), "a key must not stand in arguments, which everybody can read")
            demand(plan.environment["VARIABLE_OF_LAW"] == "value", "the deployment's environment must be passed on")
            demand(!plan.environment.keys.contains { $0.hasPrefix("SMMF_") }, "SMMF_ variables are the worker's")
            demand(plan.readyPath.hasPrefix("/"), "readyPath must start with a slash")
            demand(plan.loadPath?.hasPrefix("/") != false, "loadPath must start with a slash")
            if !distribution.isBringYourOwn {
                demand(
                    plan.arguments.suffix(2) == ["--more", "arguments"],
                    "the deployment's arguments must come last"
                )
                demand(told.contains("127.0.0.1"), "it must listen on the loopback address alone: \(all)")
            }
        } catch {
            found.append("an ordinary launch with \(program) must have a plan, not: \(error)")
        }
    }

    /// Each neutral setting is told to the engine, or refused by its name.
    private mutating func checkSettings(_ program: EngineProgram) {
        let settings: [(name: String, value: String, change: (inout EngineSpec) -> Void)] = [
            ("context", "4321", { $0.context = 4321 }),
            ("parallel", "17", { $0.parallel = 17 }),
            ("threads", "19", { $0.threads = 19 }),
            ("tensor_parallel", "23", { $0.tensorParallel = 23 }),
            ("quantization", "awq-of-law", { $0.quantization = "awq-of-law" }),
            ("memory_share", "0.625", { $0.memoryShare = 0.625 }),
            ("batch_tokens", "2345", { $0.batchTokens = 2345 }),
            ("adapters", "/place/of/law", { $0.adapters = ["adapter-of-law": "/place/of/law"] }),
        ]
        for setting in settings {
            guard let launch = try? launch(program, port: 45678, change: setting.change) else { continue }
            do {
                let plan = try engine.plan(launch)
                let told = plan.arguments + plan.environment.values
                demand(
                    told.contains { $0.contains(setting.value) },
                    "the setting \(setting.name) must be told or refused, not dropped"
                )
            } catch {
                demand(
                    error.kind == .badArgument && error.message.contains(setting.name) && error.nextStep != nil,
                    "the setting \(setting.name) must be refused by its name, not with: \(error.message)"
                )
            }
        }
    }

    /// An engine that can be parked is started for it when it shall be, and any other start is as it was.
    private mutating func checkParking(_ program: EngineProgram) {
        guard var launch = try? launch(program, port: 45678), let plain = try? engine.plan(launch) else { return }
        demand(plain.parking == nil, "nothing is parked that is not asked for")
        launch.assignment.parks = true
        guard let parked = try? engine.plan(launch) else {
            return found.append("an assignment that is to be parked must have a plan all the same")
        }
        guard let parking = parked.parking else {
            return demand(parked == plain, "a start without parking must be as any other")
        }
        guard let engine = engine as? any ParkingEngine else {
            return found.append("an engine with a way to be parked must be a ParkingEngine")
        }
        demand(parked.servedName == plain.servedName, "parking changes no name")
        if !distribution.isBringYourOwn {
            demand(parked.arguments.suffix(2) == ["--more", "arguments"], "the deployment's arguments come last")
        }
        demand(parking.park != parking.wake, "waking is not parking")
        for path in [parking.park.path, parking.wake.path, parking.statePath ?? "/"] {
            demand(path.hasPrefix("/"), "\(path) must start with a slash")
        }
        for text in ["", "null", "{}", "[]", "true", "<html>", "{\"is_sleeping\":1}", "{\"is_sleeping\":"] {
            demand(engine.isParked(from: text) == nil, "garbage does not tell whether it is parked: \(text)")
        }
    }

    private mutating func checkMissingProgram() {
        guard !distribution.isBringYourOwn, let launch = try? launch(.none, port: 45678) else { return }
        do {
            _ = try engine.plan(launch)
            found.append("a launch without a program must fail")
        } catch {
            demand(error.kind == .engineMissing, "a launch without a program must fail as engine_missing")
            demand(error.nextStep != nil, "a missing engine needs a next step")
        }
    }

    // MARK: - Reading

    private mutating func checkReading() {
        demand(engine.load(from: "") == nil, "an empty page is no load")
        let full = engine.failure(in: ["OSError: [Errno 28] No space left on device"], exit: .code(1))
        demand(full?.kind == .diskFull, "a full disk must be recognised, not: \(String(describing: full))")
        let port = engine.failure(in: ["bind: Address already in use"], exit: .code(1))
        demand(port?.kind == .portInUse, "a port in use must be recognised, not: \(String(describing: port))")
        for failure in [full, port].compactMap({ $0 }) {
            demand(failure.message.hasSuffix("."), "a message is a sentence: \(failure.message)")
            demand(failure.nextStep?.hasSuffix(".") == true, "a cause needs a next step: \(failure.message)")
        }
        demand(engine.failure(in: [], exit: .code(1)) == nil, "silence tells no cause")
        demand(engine.failure(in: ["all is well"], exit: .signal(9)) == nil, "an ordinary line tells no cause")
        checkGarbage()
    }

    /// No text may trap, or be read as something.
    private mutating func checkGarbage() {
        var generator = SeededGenerator(seed: 0x1a3)
        let pieces = [
            "{", "}", " ", "\n", "#", "'", "1e999", "nan", "-1", "99999999999999999999", ":", "é", "\u{0}", "a=\"",
        ]
        for _ in 0..<500 {
            let text = (0..<12).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            demand(engine.load(from: text) == nil, "garbage is no load: \(text)")
            demand(engine.failure(in: [text], exit: .code(1)) == nil, "garbage is no cause: \(text)")
            if let fraction = engine.progress(in: text)?.fraction {
                demand((0...1).contains(fraction), "a fraction is between 0 and 1")
            }
        }
    }
}
