// swift-tools-version: 6.3
import PackageDescription

/// Every target is built with full data-race checking (language mode 6) and with warnings as errors.
let strict: [SwiftSetting] =
    ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault"]
    .map { SwiftSetting.enableUpcomingFeature($0) }
    + [
        .treatAllWarnings(as: .error),
        // Debug builds, and so the tests, check every access; in release these checks cost a tenth of the pipeline.
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    ]

/// One line of the data path: a Swift module and what it may use, always from further up the list.
func module(_ name: String, uses: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: strict)
}

func tests(_ name: String, uses: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: uses, swiftSettings: strict)
}

func library(_ name: String, pkgConfig: String?, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

/// The program around the fuzz targets: it has libFuzzer's entry point in the place of a main function, and so would not
/// link in an ordinary build.
let fuzzer: [Target] =
    Context.environment["SLUICE_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "sluice-fuzz",
            dependencies: ["Entries", "FuzzTargets"],
            path: "Fuzz/Fuzzer",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]
        )
    ]

let package = Package(
    name: "sluice",
    products: [.executable(name: "sluice", targets: ["sluice"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        // C libraries: a module map and thin shims; each is imported by exactly one Swift target.
        library("CSnappy", pkgConfig: "snappy", debian: "libsnappy-dev"),
        library("CLibYAML", pkgConfig: "yaml-0.1", debian: "libyaml-dev"),
        library("CServiceManager", pkgConfig: "libsystemd", debian: "libsystemd-dev"),
        library("CCompression", pkgConfig: "zlib", debian: "zlib1g-dev"),
        .target(name: "CJournal", linkerSettings: [.linkedLibrary("systemd")]),
        .target(name: "CMaxMind", linkerSettings: [.linkedLibrary("maxminddb")]),
        .target(
            name: "CCrypto",
            linkerSettings: [.linkedLibrary("crypto")]
        ),
        .target(
            name: "CPatterns",
            cxxSettings: [.unsafeFlags(["-std=c++17"])],
            linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("pcre2-8")]
        ),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CEngineHTTP", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CLokiPush", linkerSettings: [.linkedLibrary("protobuf-c")]),
        .target(name: "CBytes"),
        .target(name: "CLinux"),
        .target(name: "CMemory"),
        .target(name: "CSignals"),
        .target(name: "CSnappyBlock"),

        // The data path, in the order in which a line takes it; each module uses only those above it.
        module("Entries", uses: ["CBytes"]),
        module("Configuration", uses: ["CLibYAML"]),
        module("Languages", uses: ["Entries", "CBytes", "CPatterns", "CCrypto"]),
        module("Stages", uses: ["Entries", "Configuration", "Languages", "CBytes", "CMaxMind"]),
        module("Targets", uses: ["Entries", "Configuration", "Languages"]),
        module("Files", uses: ["Entries", "Languages", "CLinux", "CCompression"]),
        module("Delivery", uses: ["Entries"]),
        module(
            "HTTPServer",
            uses: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        module(
            "Loki",
            uses: [
                "Entries", "Languages", "Delivery", "HTTPServer", "CBytes", "CCurl", "CSnappy", "CSnappyBlock",
                "CLokiPush",
            ]
        ),
        module(
            "Receivers",
            uses: [
                "Entries", "Configuration", "Languages", "Targets", "Files", "Delivery", "HTTPServer", "Loki",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        module(
            "Journal",
            uses: ["Entries", "Configuration", "Languages", "Files", "Receivers", "CJournal"]
        ),
        module(
            "Containers",
            uses: ["Entries", "Configuration", "Languages", "Receivers", "Delivery", "CEngineHTTP"]
        ),
        module(
            "Agent",
            uses: [
                "Entries", "Configuration", "Languages", "Stages", "Targets", "Files", "Delivery", "Loki", "HTTPServer",
                "Receivers", "Journal", "Containers", "CBytes", "CMemory", "CSignals", "CServiceManager",
            ]
        ),
        module("Replay", uses: ["Entries", "Configuration", "Languages", "Stages", "Targets", "Files"]),
        .executableTarget(
            name: "sluice",
            dependencies: ["Agent", "Configuration", "HTTPServer", "Loki", "Replay"],
            swiftSettings: strict
        ),

        .target(name: "TestSupport", dependencies: ["Entries"], path: "Tests/TestSupport", swiftSettings: strict),
        tests("ConfigurationTests", uses: ["Configuration"]),
        tests("LanguagesTests", uses: ["Languages", "Entries", "TestSupport"]),
        tests("StagesTests", uses: ["Stages", "Entries", "Configuration", "Languages", "Replay", "TestSupport"]),
        tests("TargetsTests", uses: ["Targets", "Configuration"]),
        tests("FilesTests", uses: ["Files", "Entries", "Languages", "TestSupport"]),
        tests("ReceiversTests", uses: ["Receivers", "Configuration", "Entries", "Files", "Languages", "TestSupport"]),
        tests("JournalTests", uses: ["Journal", "Configuration", "Entries", "Receivers", "TestSupport"]),
        tests("ContainersTests", uses: ["Containers", "Configuration", "Entries", "Receivers", "TestSupport"]),
        tests("DeliveryTests", uses: ["Delivery", "Entries"]),
        tests(
            "AgentTests",
            uses: [
                "Agent", "Configuration", "Delivery", "Entries", "Files", "HTTPServer", "Loki", "Receivers", "Stages",
                "TestSupport",
                "CBytes", "sluice",
            ]
        ),
        tests("ReplayTests", uses: ["Replay", "Configuration", "Stages", "TestSupport", "sluice"]),
        tests("LokiTests", uses: ["Loki", "Delivery", "Entries", "CLokiPush", "HTTPServer", "TestSupport"]),

        .target(
            name: "FuzzTargets",
            dependencies: [
                "Configuration", "Containers", "Entries", "Languages", "Loki", "Receivers", "Replay", "Stages",
            ],
            path: "Fuzz/Targets",
            swiftSettings: strict
        ),
        tests("FuzzTests", uses: ["Entries", "FuzzTargets"]),
    ] + fuzzer
)
