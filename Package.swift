// swift-tools-version: 6.3
// SPDX-License-Identifier: MIT

import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "smmf",
    platforms: [.macOS(.v26)],
    traits: [
        .trait(name: "SQLite", description: "Desired state in an SQLite file; without it, in memory."),
        .default(enabledTraits: ["SQLite"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(name: "SMMFCore", swiftSettings: settings),
        .target(
            name: "SMMFKeys",
            dependencies: ["SMMFCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(name: "SMMFWire", swiftSettings: settings),
        .target(
            name: "SMMFRelay",
            dependencies: [
                "CSMMFSystem", "SMMFCore", "SMMFKeys", "SMMFRouting", "SMMFWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFProviders",
            dependencies: [
                "SMMFCore", "SMMFRelay", "SMMFWire", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(name: "SMMFTelemetry", swiftSettings: settings),
        .target(name: "SMMFRouting", dependencies: ["SMMFCore"], swiftSettings: settings),
        .target(
            name: "SMMFControlHTTP",
            dependencies: [
                "SMMFCore",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFRegistries",
            dependencies: [
                "SMMFCore",
                "SMMFControlHTTP",
                .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFConfiguration",
            dependencies: ["SMMFCore", .product(name: "TOMLKit", package: "TOMLKit")],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFGateway",
            dependencies: [
                "SMMFCore", "SMMFProviders", "SMMFRelay", "SMMFRouting", "SMMFTelemetry", "SMMFWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFBench",
            dependencies: [
                "SMMFCore", "SMMFWire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(name: "CSMMFGuard"),
        .target(name: "CSMMFSystem"),
        .target(name: "CSMMFPins", exclude: ["sets"]),
        .target(name: "SMMFEngines", dependencies: ["CSMMFPins", "SMMFCore"], swiftSettings: settings),
        .target(name: "SMMFCatalog", dependencies: ["SMMFCore"], swiftSettings: settings),
        .target(
            name: "SMMFDownload",
            dependencies: [
                "SMMFCore", "SMMFControlHTTP", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFWorker",
            dependencies: [
                "CSMMFSystem",
                "SMMFCore",
                "SMMFControlHTTP",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFController",
            dependencies: [
                "SMMFCore", "SMMFControlHTTP", "SMMFKeys", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFAssembly",
            dependencies: [
                "SMMFCatalog", "SMMFConfiguration", "SMMFControlHTTP", "SMMFController", "SMMFCore", "SMMFDownload",
                "SMMFEngines", "SMMFGateway", "SMMFProviders",
                "SMMFRegistries", "SMMFRelay", "SMMFRouting", "SMMFWire", "SMMFWorker",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "smmf",
            dependencies: [
                "CSMMFGuard", "SMMFAssembly", "SMMFBench", "SMMFCatalog", "SMMFConfiguration", "SMMFControlHTTP",
                "SMMFCore", "SMMFDownload", "SMMFProviders",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFTesting",
            dependencies: [
                "SMMFCore", "SMMFWire", "SMMFWorker",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "smmf-sim",
            dependencies: [
                "SMMFCore", "SMMFTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(name: "CSMMFCount"),
        .executableTarget(
            name: "smmf-count",
            dependencies: ["CSMMFCount", "SMMFCore", "SMMFRouting", "SMMFWire"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFCoreTests",
            dependencies: ["SMMFCore", "SMMFTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFBenchTests",
            dependencies: ["SMMFBench", "SMMFCore", "SMMFTesting", "SMMFWire"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFKeysTests",
            dependencies: ["SMMFCore", "SMMFKeys", "SMMFTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFProvidersTests",
            dependencies: ["SMMFCore", "SMMFProviders", "SMMFRelay", "SMMFWire"],
            swiftSettings: settings
        ),
        .testTarget(name: "SMMFTelemetryTests", dependencies: ["SMMFTelemetry"], swiftSettings: settings),
        .testTarget(
            name: "SMMFWireTests",
            dependencies: [
                "SMMFTesting", "SMMFWire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFRoutingTests",
            dependencies: ["SMMFCore", "SMMFRouting", "SMMFTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFRegistriesTests",
            dependencies: [
                "SMMFCore", "SMMFControlHTTP", "SMMFRegistries", "SMMFTesting",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFControllerTests",
            dependencies: [
                "SMMFCore", "SMMFControlHTTP", "SMMFController", "SMMFKeys", "SMMFRegistries", "SMMFTesting",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFConfigurationTests",
            dependencies: ["SMMFConfiguration", "SMMFCore"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFGatewayTests",
            dependencies: [
                "SMMFCore", "SMMFGateway", "SMMFProviders", "SMMFRelay", "SMMFRouting", "SMMFTesting", "SMMFWire",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFAssemblyTests",
            dependencies: [
                "SMMFAssembly", "SMMFCatalog", "SMMFControlHTTP", "SMMFCore", "SMMFProviders", "SMMFTesting",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SMMFTestFleet",
            dependencies: [
                "SMMFAssembly", "SMMFConfiguration", "SMMFControlHTTP", "SMMFCore", "SMMFTesting",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/SMMFTestFleet",
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFEndToEndTests",
            dependencies: [
                "SMMFControlHTTP", "SMMFCore", "SMMFProviders", "SMMFTestFleet", "SMMFTesting", "SMMFWire", "smmf",
                "smmf-sim",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFCatalogTests",
            dependencies: [
                "SMMFAssembly", "SMMFCatalog", "SMMFConfiguration", "SMMFCore", "SMMFDownload", "SMMFTesting",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFDownloadTests",
            dependencies: ["SMMFControlHTTP", "SMMFCore", "SMMFDownload", "SMMFTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFEnginesTests",
            dependencies: ["SMMFCore", "SMMFEngines", "SMMFTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFRelayTests",
            dependencies: [
                "SMMFCore", "SMMFKeys", "SMMFRelay", "SMMFRouting", "SMMFTesting", "SMMFWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFTestingTests",
            dependencies: [
                "SMMFTesting", "smmf-sim",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SMMFWorkerTests",
            dependencies: [
                "SMMFControlHTTP", "SMMFCore", "SMMFEngines", "SMMFTesting", "SMMFWorker", "smmf", "smmf-sim",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
